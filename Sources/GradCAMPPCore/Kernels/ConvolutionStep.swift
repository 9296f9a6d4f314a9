/// Which way a convolution runs.
public enum ConvolutionDirection: Hashable, Sendable {
  /// From input to output.
  case forward
  /// From the output's gradient to the input's.
  case gradient
}

/// What is done to a convolution's sums before they are stored.
public enum ConvolutionFinish: Hashable, Sendable {
  /// Nothing.
  case plain
  /// Negative ones become 0.
  case rectified
  /// That, and of each 2x2 cells the largest is kept; for even extents, by Winograd's way only.
  case pooled
}

/// One run of a convolution: where the windows lie, the filter, the direction, what follows.
public struct ConvolutionStep: Hashable, Sendable {
  /// How windows lie over the input.
  public let geometry: WindowGeometry
  /// The filter's extents.
  public let filter: FilterShape
  /// Forward or gradient.
  public let direction: ConvolutionDirection
  /// What is done to the sums.
  public let finish: ConvolutionFinish

  /// A run of a convolution.
  public init(
    geometry: WindowGeometry, filter: FilterShape, direction: ConvolutionDirection,
    finish: ConvolutionFinish
  ) {
    self.geometry = geometry
    self.filter = filter
    self.direction = direction
    self.finish = finish
  }

  /// Spatial extents of what is read.
  @inlinable public var source: Extents {
    direction == .forward ? geometry.input : geometry.output
  }

  /// Spatial extents of what is written.
  @inlinable public var result: Extents {
    direction == .forward ? geometry.output : geometry.input
  }

  /// Whether negative results become 0.
  @inlinable public var rectifies: Bool { finish != .plain }

  /// Whether the results can be pooled before they are stored.
  public var canPool: Bool {
    algorithm == .winograd && result.height.isMultiple(of: 2) && result.width.isMultiple(of: 2)
  }

  /// Spatial extents of what is stored.
  @inlinable public var written: Extents {
    finish == .pooled
      ? Extents(depth: result.depth, height: result.height / 2, width: result.width / 2) : result
  }

  /// Elements of scratch that a run needs, on any tier.
  public var scratch: Int {
    switch algorithm {
    case .winograd: WinogradLayout(self, panelWidth: FilterLayout.widestPanel).scratch
    case .interleaved: InterleavedLayout(self).scratchPerWorker * ThreadPool.shared.limit
    case .tapwise: TapwiseLayout(self).scratchPerWorker * ThreadPool.shared.limit
    case .direct: DirectLayout.scratchPerWorker * ThreadPool.shared.limit
    }
  }
}
