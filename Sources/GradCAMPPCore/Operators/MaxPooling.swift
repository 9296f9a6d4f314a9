import GradCAMPPKernels

/// The largest value of each window.
public struct MaxPooling: Operator {
  /// Cells of a window along each spatial axis.
  public let kernel: [Int]
  /// Cells from one window to the next.
  public let stride: [Int]
  /// Cells from one cell of a window to the next.
  public let dilation: [Int]
  /// Cells around the input.
  public let padding: WindowGeometry.Padding

  /// Pooling over windows of one to three axes.
  public init(
    kernel: [Int], stride: [Int], dilation: [Int]? = nil,
    padding: WindowGeometry.Padding = .same
  ) {
    self.kernel = kernel
    self.stride = stride
    self.dilation = dilation ?? kernel.map { _ in 1 }
    self.padding = padding
  }

  /// "max pooling".
  public var kind: String { "max pooling" }

  /// Both: a window's gradient goes to its first cell that holds the largest value.
  public var gradientNeeds: GradientNeeds { GradientNeeds(inputs: [0], outputs: [0]) }

  private func geometry(_ input: Shape) throws(GradCAMError) -> WindowGeometry {
    try WindowGeometry(
      batch: input[0], spatial: input.spatial, kernel: kernel, stride: stride,
      dilation: dilation, padding: padding)
  }

  /// (N, windows…, C).
  public func outputShapes(_ inputs: [Shape]) throws(GradCAMError) -> [Shape] {
    let input = inputs[0]
    guard input.rank == kernel.count + 2 else {
      throw GradCAMError(
        .badData, "max pooling over \(kernel.count) axes cannot take a tensor of shape \(input)")
    }
    let output = try geometry(input).output.lowered(to: kernel.count)
    return [Shape([input[0]] + output + [input.channels])]
  }

  /// `y = max(window)`.
  public func forward(_ slots: ForwardSlots, in run: Run) throws(GradCAMError) {
    let shape = slots.inputs[0].shape
    let geometry = try geometry(shape)
    var output = run.memory.writing(slots.output)
    run.kernels.maxPool(
      run.memory.reading(slots.inputs[0]), geometry, channels: shape.channels, into: &output)
  }

  /// `dx = dy` at the first cell of each window where `x = y`.
  public func gradient(_ slots: GradientSlots, in run: Run) throws(GradCAMError) {
    guard let result = slots.inputGradients[0] else { return }
    let geometry = try geometry(result.shape)
    var inputGradient = run.memory.writing(result)
    run.kernels.maxPoolGradient(
      run.memory.reading(slots.outputGradient), input: run.memory.reading(slots.inputs[0]),
      output: run.memory.reading(slots.outputs[0]), geometry, channels: result.shape.channels,
      into: &inputGradient)
  }
}
