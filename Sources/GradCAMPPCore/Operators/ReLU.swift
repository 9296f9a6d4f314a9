import GradCAMPPKernels

/// The rectifier, `max(x, 0)`.
///
/// Its gradient reads the output alone, since the output is positive where the input is. So the
/// input need not be kept, and a convolution may rectify its own result.
public struct ReLU: Activation {
  /// A rectifier.
  public init() {}

  /// "ReLU".
  public var kind: String { "ReLU" }

  /// What kernels do to their sums.
  public var epilogue: Epilogue.Activation? { .relu }

  /// True.
  public var isRectifier: Bool { true }

  /// The output.
  public var gradientNeeds: GradientNeeds { GradientNeeds(outputs: [0]) }

  /// The input's shape.
  public func outputShapes(_ inputs: [Shape]) throws(GradCAMError) -> [Shape] { [inputs[0]] }

  /// `y = max(x, 0)`.
  public func forward(_ slots: ForwardSlots, in run: Run) throws(GradCAMError) {
    var output = run.memory.writing(slots.output)
    run.kernels.rectify(run.memory.reading(slots.inputs[0]), into: &output)
  }

  /// `dx = dy` where `y > 0`.
  public func gradient(_ slots: GradientSlots, in run: Run) throws(GradCAMError) {
    guard let result = slots.inputGradients[0] else { return }
    var inputGradient = run.memory.writing(result)
    run.kernels.rectifyGradient(
      run.memory.reading(slots.outputGradient), output: run.memory.reading(slots.outputs[0]),
      onlyPositive: false, into: &inputGradient)
  }
}
