import GradCAMPPKernels

/// The numbers along axes next to each other as one: their sum, mean, largest and so on.
///
/// The axes stay, with extents of 1.
public struct Reduction: Operator {
  /// What they become.
  public let function: ReductionFunction

  /// The axes, counted from the batch as 0; not the batch itself.
  public let axes: Range<Int>

  /// A reduction over `axes`, 1 or more.
  public init(_ function: ReductionFunction, axes: Range<Int>) {
    precondition(axes.lowerBound >= 1 && !axes.isEmpty, "pictures of a batch are not one")
    self.function = function
    self.axes = axes
  }

  /// "mean" and the like.
  public var kind: String {
    switch function {
    case .sum: "sum over axes"
    case .mean: "mean"
    case .maximum: "maximum over axes"
    case .minimum: "minimum over axes"
    case .product: "product over axes"
    case .absoluteSum: "sum of magnitudes"
    case .euclideanNorm: "norm"
    }
  }

  /// Sum and mean.
  public var isLinear: Bool { function == .sum || function == .mean }

  /// Input and output, for what is not linear.
  public var gradientNeeds: GradientNeeds {
    isLinear ? .nothing : GradientNeeds(inputs: [0], outputs: [0])
  }

  /// The input's extents, 1 along the axes.
  public func outputShapes(_ inputs: [Shape]) throws(GradCAMError) -> [Shape] {
    let input = inputs[0]
    guard axes.upperBound <= input.rank, input.count > 0 else {
      throw GradCAMError(
        .badData,
        "a tensor of shape \(input.withoutBatch) has no axes \(axes.lowerBound) to "
          + "\(axes.upperBound - 1)")
    }
    return [Shape(input.extents.indices.map { axes.contains($0) ? 1 : input[$0] })]
  }

  /// What becomes one number.
  public func multiplyAddsForElement(_ inputs: [Shape]) -> Int {
    max(1, inputs[0].extents[axes].reduce(1, *))
  }

  /// `y = f(x)` along the axes.
  public func forward(_ slots: ForwardSlots, in run: Run) throws(GradCAMError) {
    var output = run.memory.writing(slots.output)
    run.kernels.reduce(
      function, run.memory.reading(slots.inputs[0]),
      AxisStretch(slots.inputs[0].shape, axes: axes), into: &output)
  }

  /// `dx = dy ∂f/∂x`.
  public func gradient(_ slots: GradientSlots, in run: Run) throws(GradCAMError) {
    guard let result = slots.inputGradients[0] else { return }
    let (input, output) = isLinear ? (.empty, .empty) : (slots.inputs[0], slots.outputs[0])
    var inputGradient = run.memory.writing(result)
    run.kernels.reduceGradient(
      function, run.memory.reading(slots.outputGradient), input: run.memory.reading(input),
      output: run.memory.reading(output), AxisStretch(result.shape, axes: axes),
      into: &inputGradient)
  }
}
