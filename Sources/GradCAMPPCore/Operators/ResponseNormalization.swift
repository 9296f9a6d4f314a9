import GradCAMPPKernels

/// Each number divided by a power of the sum of squares of the neighbouring channels.
///
/// Krizhevsky et al. 2012, "ImageNet Classification with Deep Convolutional Neural Networks",
/// section 3.3.
public struct ResponseNormalization: Operator {
  /// Channels whose squares are summed, as many before the one in the middle as behind it, or one
  /// fewer.
  public let size: Int
  /// What the mean of squares is multiplied by, those outside counted as zeros.
  public let alpha: Float
  /// The power.
  public let beta: Float
  /// What is added to the mean.
  public let bias: Float

  /// `y = x (bias + alpha / size Σ x^2)^-beta`.
  public init(size: Int, alpha: Float, beta: Float, bias: Float) {
    precondition(size >= 1, "no channel to sum over")
    self.size = size
    self.alpha = alpha
    self.beta = beta
    self.bias = bias
  }

  /// "normalisation".
  public var kind: String { "normalisation" }

  /// The input.
  public var gradientNeeds: GradientNeeds { GradientNeeds(inputs: [0]) }

  /// The input's shape.
  public func outputShapes(_ inputs: [Shape]) throws(GradCAMError) -> [Shape] {
    guard inputs[0].rank >= 2 else {
      throw GradCAMError(
        .badData, "a normalisation over channels cannot take a tensor of shape \(inputs[0])")
    }
    return [inputs[0]]
  }

  private func windows(_ shape: Shape) -> ResponseWindows {
    ResponseWindows(
      channels: shape.channels, before: (size - 1) / 2, behind: size / 2,
      rate: alpha / Float(size), exponent: beta, bias: bias)
  }

  /// The squares, and as much again for the power.
  public func multiplyAddsForElement(_ inputs: [Shape]) -> Int { size + 20 }

  /// What the kernels ask for.
  public func gradientScratch(_ inputs: [Shape]) throws(GradCAMError) -> Int {
    windows(inputs[0]).scratch
  }

  /// `y = x (bias + alpha / size Σ x^2)^-beta`.
  public func forward(_ slots: ForwardSlots, in run: Run) throws(GradCAMError) {
    var output = run.memory.writing(slots.output)
    run.kernels.normalizeResponses(
      run.memory.reading(slots.inputs[0]), windows(slots.inputs[0].shape), into: &output)
  }

  /// The derivative: what a number's own square does to its neighbours is taken off.
  public func gradient(_ slots: GradientSlots, in run: Run) throws(GradCAMError) {
    guard let result = slots.inputGradients[0] else { return }
    var scratch = run.memory.writing(slots.scratch)
    var inputGradient = run.memory.writing(result)
    run.kernels.normalizeResponsesGradient(
      run.memory.reading(slots.outputGradient), input: run.memory.reading(slots.inputs[0]),
      windows(result.shape), scratch: &scratch, into: &inputGradient)
  }
}
