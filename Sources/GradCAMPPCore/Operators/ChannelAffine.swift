import GradCAMPPKernels

/// A factor and an offset for each channel: batch normalisation that nothing before it can take up
/// (Ioffe and Szegedy 2015, algorithm 2).
public struct ChannelAffine: Operator {
  /// One for each channel.
  public let factors: [Float]

  /// Likewise.
  public let offsets: [Float]

  /// `y = factor x + offset`.
  public init(factors: [Float], offsets: [Float]) {
    precondition(factors.count == offsets.count, "not one factor and offset for each channel")
    self.factors = factors
    self.offsets = offsets
  }

  /// "scaling".
  public var kind: String { "scaling" }

  /// True.
  public var isLinear: Bool { true }

  /// The input's shape.
  public func outputShapes(_ inputs: [Shape]) throws(GradCAMError) -> [Shape] {
    guard inputs[0].rank >= 2, inputs[0].channels == factors.count else {
      throw GradCAMError(
        .badData,
        "a scaling of \(factors.count) channels cannot take a tensor of shape "
          + "\(inputs[0].withoutBatch)")
    }
    return [inputs[0]]
  }

  /// `y = factor x + offset`.
  public func forward(_ slots: ForwardSlots, in run: Run) throws(GradCAMError) {
    var output = run.memory.writing(slots.output)
    run.kernels.scaleChannels(
      run.memory.reading(slots.inputs[0]), factors: factors.span, offsets: offsets.span,
      into: &output)
  }

  /// `dx = factor dy`.
  public func gradient(_ slots: GradientSlots, in run: Run) throws(GradCAMError) {
    guard let result = slots.inputGradients[0] else { return }
    let none: [Float] = []
    var inputGradient = run.memory.writing(result)
    run.kernels.scaleChannels(
      run.memory.reading(slots.outputGradient), factors: factors.span, offsets: none.span,
      into: &inputGradient)
  }
}
