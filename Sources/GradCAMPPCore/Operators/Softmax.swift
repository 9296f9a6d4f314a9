import GradCAMPPKernels

/// `exp(x) / Σ exp(x)` along an axis within a network, or its logarithm.
public struct Softmax: Operator {
  /// The axes over which the sum is 1, counted from the batch as 0; not the batch itself.
  public let axes: Range<Int>

  /// Whether the logarithm is taken.
  public let isLogarithmic: Bool

  /// A softmax along `axes`, 1 or more, which are one to it.
  public init(axes: Range<Int>, isLogarithmic: Bool = false) {
    precondition(axes.lowerBound >= 1 && !axes.isEmpty, "pictures of a batch are not one")
    self.axes = axes
    self.isLogarithmic = isLogarithmic
  }

  /// "softmax" or "log-softmax".
  public var kind: String { isLogarithmic ? "log-softmax" : "softmax" }

  /// The output.
  public var gradientNeeds: GradientNeeds { GradientNeeds(outputs: [0]) }

  /// The input's shape.
  public func outputShapes(_ inputs: [Shape]) throws(GradCAMError) -> [Shape] {
    guard axes.upperBound <= inputs[0].rank, inputs[0].count > 0 else {
      throw GradCAMError(
        .badData,
        "a tensor of shape \(inputs[0].withoutBatch) has no axes \(axes.lowerBound) to "
          + "\(axes.upperBound - 1)")
    }
    return [inputs[0]]
  }

  /// `y = exp(x) / Σ exp(x)`; NaN along a line that holds what is not finite.
  public func forward(_ slots: ForwardSlots, in run: Run) throws(GradCAMError) {
    var output = run.memory.writing(slots.output)
    run.kernels.softmax(
      run.memory.reading(slots.inputs[0]), AxisStretch(slots.output.shape, axes: axes),
      isLogarithmic: isLogarithmic, into: &output)
  }

  /// `dx = y (dy - Σ dy y)`; of the logarithm `dx = dy - exp(y) Σ dy`.
  public func gradient(_ slots: GradientSlots, in run: Run) throws(GradCAMError) {
    guard let result = slots.inputGradients[0] else { return }
    var inputGradient = run.memory.writing(result)
    run.kernels.softmaxGradient(
      run.memory.reading(slots.outputGradient), output: run.memory.reading(slots.outputs[0]),
      AxisStretch(result.shape, axes: axes), isLogarithmic: isLogarithmic, into: &inputGradient)
  }
}
