import GradCAMPPKernels

/// A convolution over one to three spatial axes, with bias.
///
/// Weights are (taps…, channels in a group, outputs). How it is computed is the kernels' matter;
/// here the weights are packed once for each direction and kept.
public struct Convolution: EpilogueCarrier {
  private let weights: PackedFilter
  private let biases: [Float]
  private let stride: [Int]
  private let dilation: [Int]
  private let padding: WindowGeometry.Padding

  /// What is done to the sums.
  public let epilogue: Epilogue

  /// A convolution with weights (taps…, inputs / groups, outputs) and one bias for each output.
  ///
  /// `layer` is what messages about the weights call it.
  public init(
    layer: String, weights: ArrangedWeights, biases: [Float], stride: [Int], dilation: [Int],
    groups: Int = 1, padding: WindowGeometry.Padding = .same
  ) {
    precondition(
      (3...5).contains(weights.shape.rank) && weights.shape.channels == biases.count,
      "not a convolution")
    self.weights = PackedFilter(layer: layer, weights: weights, groups: groups)
    self.biases = biases
    self.stride = stride
    self.dilation = dilation
    self.padding = padding
    epilogue = .none
  }

  /// A convolution whose weights lie as it wants them.
  public init(
    layer: String, weights: WeightArray, biases: [Float], stride: [Int], dilation: [Int],
    groups: Int = 1, padding: WindowGeometry.Padding = .same
  ) {
    self.init(
      layer: layer, weights: ArrangedWeights(weights), biases: biases, stride: stride,
      dilation: dilation, groups: groups, padding: padding)
  }

  private init(_ convolution: Convolution, epilogue: Epilogue) {
    weights = convolution.weights
    biases = convolution.biases
    stride = convolution.stride
    dilation = convolution.dilation
    padding = convolution.padding
    self.epilogue = epilogue
  }

  /// "convolution".
  public var kind: String { "convolution" }

  /// Whether nothing but the sum is computed.
  public var isLinear: Bool { epilogue == .none }

  /// The same convolution with another epilogue; pooling where the kernels can.
  public func carrying(
    _ epilogue: Epilogue, _ inputs: [Shape]
  ) throws(GradCAMError) -> (any EpilogueCarrier)? {
    if epilogue.pools {
      guard try step(inputs[0], .forward).canPool else { return nil }
    }
    return Convolution(self, epilogue: epilogue)
  }

  /// The run that an input of this shape needs.
  func step(
    _ input: Shape, _ direction: ConvolutionDirection
  ) throws(GradCAMError) -> ConvolutionStep {
    let geometry = try WindowGeometry(
      batch: input[0], spatial: input.spatial, kernel: weights.kernel, stride: stride,
      dilation: dilation, padding: padding)
    return ConvolutionStep(
      geometry: geometry, filter: weights.shape, direction: direction,
      epilogue: direction == .forward ? epilogue : .none)
  }

  /// (N, windows…, outputs).
  public func outputShapes(_ inputs: [Shape]) throws(GradCAMError) -> [Shape] {
    let input = inputs[0]
    guard input.rank == weights.kernel.count + 2, input.channels == weights.shape.inputs else {
      throw GradCAMError(
        .badData,
        "a convolution of \(weights.kernel.count) axes and \(weights.shape.inputs) channels cannot "
          + "take a tensor of shape \(input.withoutBatch)")
    }
    let extents = try step(input, .forward).written.lowered(to: weights.kernel.count)
    let output = Shape([input[0]] + extents + [weights.shape.outputs])
    try epilogue.check(inputs, output: output)
    return [output]
  }

  /// The taps times the channels of a group.
  public func multiplyAddsForElement(_ inputs: [Shape]) -> Int {
    weights.kernel.reduce(weights.shape.inputs / weights.shape.groups, *)
  }

  /// What the kernels ask for.
  public func forwardScratch(_ inputs: [Shape]) throws(GradCAMError) -> Int {
    try step(inputs[0], .forward).scratch
  }

  /// What the kernels ask for.
  public func gradientScratch(_ inputs: [Shape]) throws(GradCAMError) -> Int {
    try step(inputs[0], .gradient).scratch
  }

  /// `y = x ⋆ W + b`.
  public func forward(_ slots: ForwardSlots, in run: Run) throws(GradCAMError) {
    let step = try step(slots.inputs[0].shape, .forward)
    let packed = try weights.packed(FilterLayout(step), kernels: run.kernels)
    let input = run.memory.reading(slots.inputs[0])
    let residual = epilogue.addsResidual ? run.memory.reading(slots.inputs[1]) : nil
    var scratch = run.memory.writing(slots.scratch)
    var output = run.memory.writing(slots.output)
    packed.read { packed in
      run.kernels.convolve(
        input, packed, step, bias: biases.span, residual: residual, scratch: &scratch,
        into: &output)
    }
  }

  /// `dx(i) = Σ dy(o) Wᵀ(t)` over the taps t through which output o saw input i.
  public func gradient(_ slots: GradientSlots, in run: Run) throws(GradCAMError) {
    guard let result = slots.inputGradients[0] else { return }
    let step = try step(result.shape, .gradient)
    let packed = try weights.packed(FilterLayout(step), kernels: run.kernels)
    let outputGradient = run.memory.reading(slots.outputGradient)
    var scratch = run.memory.writing(slots.scratch)
    var inputGradient = run.memory.writing(result)
    packed.read { packed in
      run.kernels.convolve(
        outputGradient, packed, step, bias: nil, residual: nil, scratch: &scratch,
        into: &inputGradient)
    }
  }
}
