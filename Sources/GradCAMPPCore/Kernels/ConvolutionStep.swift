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
  /// What is done to the sums.
  public let epilogue: Epilogue

  /// A run of a convolution.
  public init(
    geometry: WindowGeometry, filter: FilterShape, direction: ConvolutionDirection,
    epilogue: Epilogue
  ) {
    self.geometry = geometry
    self.filter = filter
    self.direction = direction
    self.epilogue = epilogue
  }

  /// Spatial extents of what is read.
  @inlinable public var source: Extents {
    direction == .forward ? geometry.input : geometry.output
  }

  /// Spatial extents of what is written.
  @inlinable public var result: Extents {
    direction == .forward ? geometry.output : geometry.input
  }

  /// Whether the results can be pooled before they are stored.
  public var canPool: Bool {
    algorithm == .winograd && result.height.isMultiple(of: 2) && result.width.isMultiple(of: 2)
  }

  /// Spatial extents of what is stored.
  @inlinable public var written: Extents {
    epilogue.pools
      ? Extents(depth: result.depth, height: result.height / 2, width: result.width / 2) : result
  }

  /// Elements of scratch that a run needs, on any tier.
  public var scratch: Int {
    switch algorithm {
    case .winograd: WinogradLayout(self, panelWidth: FilterLayout.widestPanel).scratch
    case .interleaved: InterleavedLayout(self).scratchPerWorker * ThreadPool.shared.limit
    case .tapwise: TapwiseLayout(self).scratchPerWorker * ThreadPool.shared.limit
    case .depthwise: 0
    case .direct: DirectLayout.scratchPerWorker(self) * ThreadPool.shared.limit
    }
  }
}
