import GradCAMPPKernels

/// The norm of each window, `(Σ |x|^p)^(1/p)`; cells outside the input do not count.
public struct PowerPooling: Operator {
  /// The power, 1 or more.
  public let power: Int
  /// Cells of a window along each spatial axis.
  public let kernel: [Int]
  /// Cells from one window to the next.
  public let stride: [Int]
  /// Cells from one cell of a window to the next.
  public let dilation: [Int]
  /// Cells around the input.
  public let padding: WindowGeometry.Padding

  /// Norms of windows over one to three axes.
  public init(
    power: Int, kernel: [Int], stride: [Int], dilation: [Int]? = nil,
    padding: WindowGeometry.Padding = .same
  ) {
    precondition(power >= 1, "a norm of a power below 1")
    self.power = power
    self.kernel = kernel
    self.stride = stride
    self.dilation = dilation ?? kernel.map { _ in 1 }
    self.padding = padding
  }

  /// "norm pooling".
  public var kind: String { "norm pooling" }

  /// Both.
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
        .badData, "norm pooling over \(kernel.count) axes cannot take a tensor of shape \(input)")
    }
    let output = try geometry(input).output.lowered(to: kernel.count)
    return [Shape([input[0]] + output + [input.channels])]
  }

  /// The cells of a window, as often as they are multiplied.
  public func multiplyAddsForElement(_ inputs: [Shape]) -> Int { kernel.reduce(power, *) }

  /// `y = (Σ |x|^p)^(1/p)`.
  public func forward(_ slots: ForwardSlots, in run: Run) throws(GradCAMError) {
    let shape = slots.inputs[0].shape
    let geometry = try geometry(shape)
    var output = run.memory.writing(slots.output)
    run.kernels.powerWindows(
      run.memory.reading(slots.inputs[0]), geometry, channels: shape.channels, power: power,
      into: &output)
  }

  /// `dx = Σ dy sign(x) (|x| / y)^(p - 1)`, over the windows that cover the cell; 0 where y is 0.
  public func gradient(_ slots: GradientSlots, in run: Run) throws(GradCAMError) {
    guard let result = slots.inputGradients[0] else { return }
    let geometry = try geometry(result.shape)
    var inputGradient = run.memory.writing(result)
    run.kernels.powerWindowsGradient(
      run.memory.reading(slots.outputGradient), input: run.memory.reading(slots.inputs[0]),
      output: run.memory.reading(slots.outputs[0]), geometry, channels: result.shape.channels,
      power: power, into: &inputGradient)
  }
}
