/// Which way a convolution runs.
public enum ConvolutionDirection: Hashable, Sendable {
  /// From input to output.
  case forward
  /// From the output's gradient to the input's.
  case gradient
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
