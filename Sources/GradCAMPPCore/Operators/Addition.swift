import GradCAMPPKernels

/// The sum of tensors of one shape.
public struct Addition: Operator {
  /// A sum.
  public init() {}

  /// "addition".
  public var kind: String { "addition" }

  /// True.
  public var isLinear: Bool { true }

  /// The shape that all inputs have.
  public func outputShapes(_ inputs: [Shape]) throws(GradCAMError) -> [Shape] {
    for shape in inputs where shape != inputs[0] {
      throw GradCAMError(
        .badData,
        "tensors of shapes \(inputs[0].withoutBatch) and \(shape.withoutBatch) cannot be added; "
          + "one shape is expected")
    }
    return [inputs[0]]
  }

  /// `y = Σ x`, from the first input on.
  public func forward(_ slots: ForwardSlots, in run: Run) throws(GradCAMError) {
    var output = run.memory.writing(slots.output)
    run.kernels.copy(run.memory.reading(slots.inputs[0]), into: &output)
    for input in slots.inputs.dropFirst() {
      run.kernels.add(run.memory.reading(input), to: &output)
    }
  }

  /// `dx = dy` for each input.
  public func gradient(_ slots: GradientSlots, in run: Run) throws(GradCAMError) {
    for case let result? in slots.inputGradients {
      var inputGradient = run.memory.writing(result)
      run.kernels.copy(run.memory.reading(slots.outputGradient), into: &inputGradient)
    }
  }
}
