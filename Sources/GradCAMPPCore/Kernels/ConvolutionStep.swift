/// Which way a convolution runs.
public enum ConvolutionDirection: Hashable, Sendable {
  /// From input to output.
  case forward
  /// From the output's gradient to the input's.
  case gradient
}

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

  /// Panels of 16 result channels in a group.
  @inlinable
  public func panels(_ direction: ConvolutionDirection) -> Int {
    (resultChannels(direction) + 15) / 16
  }

  /// Elements of the packed filter.
  public func packedCount(_ direction: ConvolutionDirection) -> Int {
    groups * panels(direction) * depth(direction) * 16
  }
}

/// One run of a convolution: where the windows lie, the filter, the direction, what follows.
public struct ConvolutionStep: Hashable, Sendable {
  /// How windows lie over the input.
  public let geometry: WindowGeometry
  /// The filter's extents.
  public let filter: FilterShape
  /// Forward or gradient.
  public let direction: ConvolutionDirection
  /// Whether negative results become 0.
  public let rectifies: Bool

  /// A run of a convolution.
  public init(
    geometry: WindowGeometry, filter: FilterShape, direction: ConvolutionDirection,
    rectifies: Bool
  ) {
    self.geometry = geometry
    self.filter = filter
    self.direction = direction
    self.rectifies = rectifies
  }

  /// Spatial extents of what is read.
  @inlinable public var source: Extents {
    direction == .forward ? geometry.input : geometry.output
  }

  /// Spatial extents of what is written.
  @inlinable public var result: Extents {
    direction == .forward ? geometry.output : geometry.input
  }

  /// Result cells of one task: a multiple of the microkernel's 6, small enough that its patches
  /// stay in the second-level cache.
  @inlinable public static var cellsPerTask: Int { 96 }

  /// Terms of the sum that are taken at a time: a filter panel of 16 x 384 stays in the
  /// first-level cache.
  @inlinable public static var termsPerBlock: Int { 384 }

  /// Panels of one task: all when there are cells enough to share out, else few.
  @inlinable public var panelsPerTask: Int {
    let cells = geometry.batch * result.count
    return cells >= 16 * Self.cellsPerTask ? filter.panels(direction) : 8
  }

  /// Elements of scratch for each worker: patches, and one tile of results.
  @inlinable public static var scratchPerWorker: Int {
    cellsPerTask * termsPerBlock + 96
  }

  /// Elements of scratch that a run needs.
  public static var scratch: Int { scratchPerWorker * ThreadPool.shared.limit }
}
