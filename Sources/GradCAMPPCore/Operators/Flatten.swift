import GradCAMPPKernels

/// The same numbers with all axes but the batch as one, channels innermost, as TensorFlow flattens.
public struct Flatten: Operator {
  /// A flattening.
  public init() {}

  /// "flatten".
  public var kind: String { "flatten" }

  /// True.
  public var isLinear: Bool { true }

  /// True.
  public var isView: Bool { true }

  /// (N, elements).
  public func outputShapes(_ inputs: [Shape]) throws(GradCAMError) -> [Shape] {
    [Shape([inputs[0][0], inputs[0].withoutBatch.count])]
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
