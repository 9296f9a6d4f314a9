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

  /// How the convolution is computed: fixed by its shape, so that results repeat.
  ///
  /// Winograd's way needs 3x3 taps next to each other and channels that fill registers; it pays
  /// from 16 channels on.
  @inlinable public var algorithm: ConvolutionAlgorithm {
    let kernel = geometry.kernel
    let unit = Extents(depth: 1, height: 1, width: 1)
    let isPlain =
      geometry.stride == unit && geometry.dilation == unit && filter.groups == 1
      && kernel.depth == 1 && kernel.height == 3 && kernel.width == 3
      && geometry.padding.height <= 2 && geometry.padding.width <= 2
    let isWide = filter.inputs.isMultiple(of: 16) && filter.outputs.isMultiple(of: 16)
    return isPlain && isWide ? .winograd : .direct
  }

  /// Elements of scratch that a run needs, on any tier.
  public var scratch: Int {
    switch algorithm {
    case .direct: DirectLayout.scratchPerWorker * ThreadPool.shared.limit
    case .winograd: WinogradLayout(self, panelWidth: FilterLayout.widestPanel).scratch
    }
  }
}

/// The ways to compute a convolution.
public enum ConvolutionAlgorithm: Hashable, Sendable {
  /// A matrix product of gathered patches and the filter; see `KernelSet+DirectConvolution.swift`.
  case direct
  /// F(4x4, 3x3) of Winograd; see `KernelSet+Winograd.swift`.
  case winograd
}

/// How a filter is laid out for a direction, an algorithm and a tier.
///
/// A panel holds as many result channels as a tile of the tier is wide; missing channels of the
/// last panel are 0. For each term of the sum a panel has one number for each of its channels.
/// Direct: terms run over taps, then over source channels. Winograd: 36 such filters, one for
/// each position of the transformed tile, whose terms are the source channels.
public struct FilterLayout: Hashable, Sendable {
  /// The filter's extents.
  public let shape: FilterShape
  /// Forward or gradient.
  public let direction: ConvolutionDirection
  /// Direct or Winograd.
  public let algorithm: ConvolutionAlgorithm

  /// Columns of the widest tier's panels.
  @inlinable public static var widestPanel: Int { 32 }

  /// The layout of the filter of a step.
  public init(_ step: ConvolutionStep) {
    shape = step.filter
    direction = step.direction
    algorithm = step.algorithm
  }

  /// Panels of a group.
  @inlinable
  public func panels(width: Int) -> Int { (shape.resultChannels(direction) + width - 1) / width }

  /// Elements of the packed filter, on any tier: panels are narrower elsewhere, never more in all.
  public var packedCount: Int {
    let columns = panels(width: Self.widestPanel) * Self.widestPanel
    return switch algorithm {
    case .direct: shape.groups * columns * shape.depth(direction)
    case .winograd: 36 * columns * shape.sourceChannels(direction)
    }
  }
}
