import GradCAMPPKernels

/// The innermost axes, normalised by their own mean and deviation, then a factor and an offset for
/// each place (Ba, Kiros and Hinton 2016, "Layer Normalization", equation 3).
///
/// Without the mean it is root-mean-square normalisation (Zhang and Sennrich 2019, equation 4).
public struct LayerNormalization: Operator {
  /// One for each place of the axes.
  public let factors: [Float]

  /// Likewise; empty for none.
  public let offsets: [Float]

  /// What is added to the variance.
  public let epsilon: Float

  /// Whether the mean is taken off.
  public let isCentered: Bool

  /// A normalisation over as many innermost numbers as there are factors.
  public init(factors: [Float], offsets: [Float], epsilon: Float, isCentered: Bool = true) {
    precondition(
      !factors.isEmpty && (offsets.isEmpty || offsets.count == factors.count),
      "not one factor and offset for each place")
    self.factors = factors
    self.offsets = offsets
    self.epsilon = epsilon
    self.isCentered = isCentered
  }

  /// "layer normalization" or "root-mean-square normalization".
  public var kind: String {
    isCentered ? "layer normalization" : "root-mean-square normalization"
  }

  /// The input.
  public var gradientNeeds: GradientNeeds { GradientNeeds(inputs: [0]) }

  private var normalization: LineNormalization {
    LineNormalization(count: factors.count, epsilon: epsilon, isCentered: isCentered)
  }

  /// The input's shape.
  public func outputShapes(_ inputs: [Shape]) throws(GradCAMError) -> [Shape] {
    var extents = inputs[0].withoutBatch.extents
    var count = 1
    while count < factors.count, let extent = extents.popLast() { count *= extent }
    guard count == factors.count, inputs[0].count > 0 else {
      throw GradCAMError(
        .badData,
        "a normalization of \(factors.count) numbers cannot take a tensor of shape "
          + "\(inputs[0].withoutBatch)")
    }
    return [inputs[0]]
  }

  /// `y = factor (x - mean) / sqrt(variance + epsilon) + offset`.
  public func forward(_ slots: ForwardSlots, in run: Run) throws(GradCAMError) {
    var output = run.memory.writing(slots.output)
    run.kernels.normalizeLines(
      run.memory.reading(slots.inputs[0]), normalization, factors: factors.span,
      offsets: offsets.span, into: &output)
  }

  /// `dx = (g - mean(g) - n mean(g n)) / deviation`, with `g = factor dy` and n the normalised x.
  public func gradient(_ slots: GradientSlots, in run: Run) throws(GradCAMError) {
    guard let result = slots.inputGradients[0] else { return }
    var inputGradient = run.memory.writing(result)
    run.kernels.normalizeLinesGradient(
      run.memory.reading(slots.outputGradient), input: run.memory.reading(slots.inputs[0]),
      normalization, factors: factors.span, into: &inputGradient)
  }
}
