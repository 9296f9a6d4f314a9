import GradCAMPPKernels

/// The mean of each window.
public struct AveragePooling: Operator {
  /// Cells around the input that count as zeros.
  public enum Counting: Hashable, Sendable {
    /// None: the mean is over cells of the input.
    case input
    /// So many before and behind along each axis.
    case padding(before: [Int], behind: [Int])
  }

  /// Cells of a window along each spatial axis.
  public let kernel: [Int]
  /// Cells from one window to the next.
  public let stride: [Int]
  /// Cells from one cell of a window to the next.
  public let dilation: [Int]
  /// Cells around the input that windows may cover.
  public let padding: WindowGeometry.Padding
  /// Those of them that count.
  public let counting: Counting

  /// Pooling over windows of one to three axes; a last window may reach farther than `counting`
  /// says, and its cells there do not count.
  public init(
    kernel: [Int], stride: [Int], dilation: [Int]? = nil,
    padding: WindowGeometry.Padding = .same, counting: Counting = .input
  ) {
    self.kernel = kernel
    self.stride = stride
    self.dilation = dilation ?? kernel.map { _ in 1 }
    self.padding = padding
    self.counting = counting
  }

  /// "average pooling".
  public var kind: String { "average pooling" }

  /// True.
  public var isLinear: Bool { true }

  private func windows(_ input: Shape) throws(GradCAMError) -> AverageWindows {
    let none = kernel.map { _ in 0 }
    var counted = (before: none, behind: none)
    if case .padding(let before, let behind) = counting { counted = (before, behind) }
    let geometry = try WindowGeometry(
      batch: input[0], spatial: input.spatial, kernel: kernel, stride: stride,
      dilation: dilation, padding: padding)
    return AverageWindows(
      geometry, channels: input.channels,
      countedBefore: Extents(lifting: counted.before, missing: 0),
      countedBehind: Extents(lifting: counted.behind, missing: 0))
  }

  /// (N, windows…, C).
  public func outputShapes(_ inputs: [Shape]) throws(GradCAMError) -> [Shape] {
    let input = inputs[0]
    guard input.rank == kernel.count + 2 else {
      throw GradCAMError(
        .badData,
        "average pooling over \(kernel.count) axes cannot take a tensor of shape \(input)")
    }
    let output = try windows(input).geometry.output.lowered(to: kernel.count)
    return [Shape([input[0]] + output + [input.channels])]
  }

  /// The cells of a window.
  public func multiplyAddsForElement(_ inputs: [Shape]) -> Int { kernel.reduce(1, *) }

  /// `y = Σ window / cells that count`.
  public func forward(_ slots: ForwardSlots, in run: Run) throws(GradCAMError) {
    let windows = try windows(slots.inputs[0].shape)
    var output = run.memory.writing(slots.output)
    run.kernels.averageWindows(run.memory.reading(slots.inputs[0]), windows, into: &output)
  }

  /// `dx = Σ dy / cells that count`, over the windows that cover the cell.
  public func gradient(_ slots: GradientSlots, in run: Run) throws(GradCAMError) {
    guard let result = slots.inputGradients[0] else { return }
    let windows = try windows(result.shape)
    var inputGradient = run.memory.writing(result)
    run.kernels.averageWindowsGradient(
      run.memory.reading(slots.outputGradient), windows, into: &inputGradient)
  }
}
