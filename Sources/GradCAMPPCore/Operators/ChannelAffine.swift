import GradCAMPPKernels

/// A factor and an offset for each channel: batch normalisation that nothing before it can take up
/// (Ioffe and Szegedy 2015, algorithm 2).
///
/// The channels may come from several inputs, one behind the other: then the operator joins them,
/// too.
public struct ChannelAffine: EpilogueCarrier {
  /// One for each channel.
  public let factors: [Float]

  /// Likewise.
  public let offsets: [Float]

  /// Whether the inputs are parts of the channels.
  public let joins: Bool

  /// What is done to the scaled numbers.
  public let epilogue: Epilogue

  /// `y = factor x + offset`.
  public init(
    factors: [Float], offsets: [Float], joins: Bool = false, epilogue: Epilogue = .none
  ) {
    precondition(factors.count == offsets.count, "not one factor and offset for each channel")
    self.factors = factors
    self.offsets = offsets
    self.joins = joins
    self.epilogue = epilogue
  }

  /// "scaling".
  public var kind: String { "scaling" }

  /// Whether nothing but the sum is computed.
  public var isLinear: Bool { epilogue == .none }

  /// The same scaling with an activation; it neither adds nor pools.
  public func carrying(_ epilogue: Epilogue, _ inputs: [Shape]) -> (any EpilogueCarrier)? {
    guard !epilogue.pools, !epilogue.addsResidual else { return nil }
    return ChannelAffine(factors: factors, offsets: offsets, joins: joins, epilogue: epilogue)
  }

  /// The same scaling of the channels that several inputs bring.
  public func joining() -> ChannelAffine {
    ChannelAffine(factors: factors, offsets: offsets, joins: true, epilogue: epilogue)
  }

  /// The input's shape, with all channels.
  public func outputShapes(_ inputs: [Shape]) throws(GradCAMError) -> [Shape] {
    let output =
      joins
      ? try Concatenation(axis: max(1, inputs[0].rank - 1)).outputShapes(inputs)[0] : inputs[0]
    guard output.rank >= 2, output.channels == factors.count else {
      throw GradCAMError(
        .badData,
        "a scaling of \(factors.count) channels cannot take a tensor of shape "
          + "\(output.withoutBatch)")
    }
    return [output]
  }

  /// `y = factor x + offset`.
  public func forward(_ slots: ForwardSlots, in run: Run) throws(GradCAMError) {
    let parts = slots.inputs.map { ChannelPart(start: $0.offset, channels: $0.shape.channels) }
    let everything = TensorSlot(offset: 0, shape: Shape([run.memory.count]))
    var output = run.memory.writing(slots.output)
    run.kernels.scaleChannels(
      run.memory.reading(everything), parts.span, factors: factors.span, offsets: offsets.span,
      activation: epilogue.activation, into: &output)
  }

  /// `dx = factor dy`.
  public func gradient(_ slots: GradientSlots, in run: Run) throws(GradCAMError) {
    guard let result = slots.inputGradients[0] else { return }
    let none: [Float] = []
    let whole = [ChannelPart(start: 0, channels: factors.count)]
    var inputGradient = run.memory.writing(result)
    run.kernels.scaleChannels(
      run.memory.reading(slots.outputGradient), whole.span, factors: factors.span,
      offsets: none.span, activation: .identity, into: &inputGradient)
  }
}
