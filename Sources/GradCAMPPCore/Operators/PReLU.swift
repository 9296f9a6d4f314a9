import GradCAMPPKernels

/// The rectifier with a slope for each channel below 0.
///
/// He et al. 2015, "Delving Deep into Rectifiers", equation 1.
public struct PReLU: Activation {
  /// One for each channel.
  public let slopes: [Float]

  /// The activation with slopes.
  public init(slopes: [Float]) { self.slopes = slopes }

  /// "PReLU".
  public var kind: String { "PReLU" }

  /// None: convolutions do not compute it.
  public var epilogue: Epilogue.Activation? { nil }

  /// False: below 0 it passes gradients.
  public var isRectifier: Bool { false }

  /// The input.
  public var gradientNeeds: GradientNeeds { GradientNeeds(inputs: [0]) }

  /// The input's shape.
  public func outputShapes(_ inputs: [Shape]) throws(GradCAMError) -> [Shape] {
    guard inputs[0].rank >= 2, inputs[0].channels == slopes.count else {
      throw GradCAMError(
        .badData,
        "\(slopes.count) slopes cannot be those of a tensor of shape \(inputs[0].withoutBatch)")
    }
    return [inputs[0]]
  }

  /// `y = x < 0 ? slope x : x`.
  public func forward(_ slots: ForwardSlots, in run: Run) throws(GradCAMError) {
    var output = run.memory.writing(slots.output)
    run.kernels.rectifyWithSlopes(
      run.memory.reading(slots.inputs[0]), slopes: slopes.span, into: &output)
  }

  /// `dx = x > 0 ? dy : slope dy`; at 0 that of the negative part, as in PyTorch.
  public func gradient(_ slots: GradientSlots, in run: Run) throws(GradCAMError) {
    guard let result = slots.inputGradients[0] else { return }
    var inputGradient = run.memory.writing(result)
    run.kernels.rectifyWithSlopesGradient(
      run.memory.reading(slots.outputGradient), input: run.memory.reading(slots.inputs[0]),
      slopes: slopes.span, into: &inputGradient)
  }
}
