import GradCAMPPKernels

/// The same numbers with other extents behind the batch.
public struct Reshaping: Operator {
  /// The extents without the batch.
  public let shape: Shape

  /// Tensors of `shape`, which is without the batch.
  public init(to shape: Shape) { self.shape = shape }

  /// "reshape".
  public var kind: String { "reshape" }

  /// True.
  public var isLinear: Bool { true }

  /// True.
  public var isView: Bool { true }

  /// (N, extents…).
  public func outputShapes(_ inputs: [Shape]) throws(GradCAMError) -> [Shape] {
    guard inputs[0].rank >= 1, inputs[0].withoutBatch.count == shape.count else {
      throw GradCAMError(
        .badData,
        "a tensor of shape \(inputs[0].withoutBatch) cannot become one of \(shape); as many "
          + "elements are expected")
    }
    return [Shape([inputs[0][0]] + shape.extents)]
  }

  /// `y = x`, for whoever runs it by itself.
  public func forward(_ slots: ForwardSlots, in run: Run) throws(GradCAMError) {
    var output = run.memory.writing(slots.output)
    run.kernels.copy(run.memory.reading(slots.inputs[0]), into: &output)
  }

  /// `dx = dy`, likewise.
  public func gradient(_ slots: GradientSlots, in run: Run) throws(GradCAMError) {
    guard let result = slots.inputGradients[0] else { return }
    var inputGradient = run.memory.writing(result)
    run.kernels.copy(run.memory.reading(slots.outputGradient), into: &inputGradient)
  }
}
