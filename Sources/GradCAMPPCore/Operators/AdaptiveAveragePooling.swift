import GradCAMPPKernels

/// The mean over the bins of a fixed number of cells, whatever the extents of the input are.
///
/// Bin k of n over m cells covers cells `floor(k m / n)` to before `ceil((k + 1) m / n)`, as
/// PyTorch's AdaptiveAvgPool has it; one cell is global average pooling (Lin, Chen and Yan 2014,
/// "Network in Network", section 3.2).
public struct AdaptiveAveragePooling: Operator {
  /// Cells of the output along each spatial axis; nil for one along each.
  public let cells: [Int]?

  /// Pooling to so many cells along each axis.
  public init(cells: [Int]) { self.cells = cells }

  private init() { cells = nil }

  /// Pooling to one cell.
  public static let global = AdaptiveAveragePooling()

  /// "average pooling".
  public var kind: String { "average pooling" }

  /// True.
  public var isLinear: Bool { true }

  private func bins(_ input: Shape) -> AverageBins {
    AverageBins(
      batch: input[0], input: input.spatial, output: cells ?? input.spatial.map { _ in 1 },
      channels: input.channels)
  }

  /// (N, cells…, C).
  public func outputShapes(_ inputs: [Shape]) throws(GradCAMError) -> [Shape] {
    let input = inputs[0]
    let cells = cells ?? input.spatial.map { _ in 1 }
    guard (3...5).contains(input.rank), cells.count == input.rank - 2,
      zip(input.spatial, cells).allSatisfy({ $0 >= $1 && $1 >= 1 })
    else {
      throw GradCAMError(
        .badData,
        "average pooling to \(cells) cells cannot take a tensor of shape \(input.withoutBatch): as "
          + "many cells or more along each axis are expected")
    }
    return [Shape([input[0]] + cells + [input.channels])]
  }

  /// `y = mean(bin)`.
  public func forward(_ slots: ForwardSlots, in run: Run) throws(GradCAMError) {
    var output = run.memory.writing(slots.output)
    run.kernels.averagePool(
      run.memory.reading(slots.inputs[0]), bins(slots.inputs[0].shape), into: &output)
  }

  /// `dx = Σ dy / cells of the bin`, over the bins that hold the cell.
  public func gradient(_ slots: GradientSlots, in run: Run) throws(GradCAMError) {
    guard let result = slots.inputGradients[0] else { return }
    var inputGradient = run.memory.writing(result)
    run.kernels.averagePoolGradient(
      run.memory.reading(slots.outputGradient), bins(result.shape), into: &inputGradient)
  }
}
