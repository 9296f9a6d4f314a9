/// The extents of a convolution's weights: (taps…, channels in a group, outputs).
public struct FilterShape: Hashable, Sendable {
  /// Taps along each axis.
  public let kernel: Extents
  /// Channels of the input.
  public let inputs: Int
  /// Channels of the output.
  public let outputs: Int
  /// Groups that split both, each output seeing the inputs of its group only.
  public let groups: Int

  /// Extents of a filter; `groups` divides `inputs` and `outputs`.
  public init(kernel: Extents, inputs: Int, outputs: Int, groups: Int) {
    precondition(inputs % groups == 0 && outputs % groups == 0, "groups do not divide channels")
    self.kernel = kernel
    self.inputs = inputs
    self.outputs = outputs
    self.groups = groups
  }

  /// Elements of the filter: taps x inputs of a group x outputs.
  public var count: Int { kernel.count * (inputs / groups) * outputs }

  /// Whether each channel has a filter of its own.
  @inlinable public var isDepthwise: Bool { groups > 1 && inputs == groups && outputs == groups }

  /// Channels of a group that a direction reads.
  @inlinable
  public func sourceChannels(_ direction: ConvolutionDirection) -> Int {
    (direction == .forward ? inputs : outputs) / groups
  }

  /// Channels of a group that a direction writes.
  @inlinable
  public func resultChannels(_ direction: ConvolutionDirection) -> Int {
    (direction == .forward ? outputs : inputs) / groups
  }

  /// Terms of each result element's sum.
  @inlinable
  public func depth(_ direction: ConvolutionDirection) -> Int {
    kernel.count * sourceChannels(direction)
  }
}
