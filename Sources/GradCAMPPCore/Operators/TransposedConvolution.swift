import GradCAMPPKernels

/// The transpose of a convolution over one to three spatial axes, with bias: forward it is the other
/// convolution's gradient (Dumoulin and Visin 2016, "A guide to convolution arithmetic", section 4).
public struct TransposedConvolution: Operator {
  private let weights: PackedFilter
  private let biases: [Float]
  private let stride: [Int]
  private let dilation: [Int]
  private let before: [Int]
  private let behind: [Int]

  /// A transposed convolution with weights (taps…, outputs / groups, inputs) and one bias for each
  /// output.
  ///
  /// `before` and `behind` are cells that are cut off the result; fewer than none behind it add
  /// cells. `layer` is what messages about the weights call it.
  public init(
    layer: String, weights: WeightArray, biases: [Float], stride: [Int], dilation: [Int],
    groups: Int = 1, before: [Int], behind: [Int]
  ) {
    self.weights = PackedFilter(layer: layer, weights: weights, groups: groups)
    precondition(biases.count == self.weights.shape.inputs, "not one bias for each output")
    self.biases = biases
    self.stride = stride
    self.dilation = dilation
    self.before = before
    self.behind = behind
  }

  /// "transposed convolution".
  public var kind: String { "transposed convolution" }

  /// True.
  public var isLinear: Bool { true }

  /// The other convolution, from this one's output to its input.
  private func step(
    _ input: Shape, _ direction: ConvolutionDirection
  ) throws(GradCAMError) -> ConvolutionStep {
    let output = input.spatial.indices.map { axis in
      stride[axis] * (input.spatial[axis] - 1) + (weights.kernel[axis] - 1) * dilation[axis] + 1
        - before[axis] - behind[axis]
    }
    let geometry = try WindowGeometry(
      batch: input[0], spatial: output, kernel: weights.kernel, stride: stride,
      dilation: dilation, padding: .explicit(before: before, behind: behind))
    return ConvolutionStep(
      geometry: geometry, filter: weights.shape, direction: direction, epilogue: .none)
  }

  /// (N, spatial…, outputs).
  public func outputShapes(_ inputs: [Shape]) throws(GradCAMError) -> [Shape] {
    let input = inputs[0]
    guard input.rank == weights.kernel.count + 2, input.channels == weights.shape.outputs else {
      throw GradCAMError(
        .badData,
        "a transposed convolution of \(weights.kernel.count) axes and \(weights.shape.outputs) "
          + "channels cannot take a tensor of shape \(input.withoutBatch)")
    }
    let output = try step(input, .gradient).written.lowered(to: weights.kernel.count)
    return [Shape([input[0]] + output + [weights.shape.inputs])]
  }

  /// The taps times the channels of a group.
  public func multiplyAddsForElement(_ inputs: [Shape]) -> Int {
    weights.kernel.reduce(weights.shape.outputs / weights.shape.groups, *)
  }

  /// What the kernels ask for.
  public func forwardScratch(_ inputs: [Shape]) throws(GradCAMError) -> Int {
    try step(inputs[0], .gradient).scratch
  }

  /// What the kernels ask for.
  public func gradientScratch(_ inputs: [Shape]) throws(GradCAMError) -> Int {
    try step(inputs[0], .forward).scratch
  }

  /// `y(o) = Σ x(i) Wᵀ(t) + b` over the taps t through which o sees i.
  public func forward(_ slots: ForwardSlots, in run: Run) throws(GradCAMError) {
    let step = try step(slots.inputs[0].shape, .gradient)
    let packed = try weights.packed(FilterLayout(step), kernels: run.kernels)
    let input = run.memory.reading(slots.inputs[0])
    var scratch = run.memory.writing(slots.scratch)
    var output = run.memory.writing(slots.output)
    packed.read { packed in
      run.kernels.convolve(
        input, packed, step, bias: biases.span, residual: nil, scratch: &scratch, into: &output)
    }
  }

  /// `dx = dy ⋆ W`.
  public func gradient(_ slots: GradientSlots, in run: Run) throws(GradCAMError) {
    guard let result = slots.inputGradients[0] else { return }
    let step = try step(result.shape, .forward)
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
