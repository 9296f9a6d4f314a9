/// Which way a convolution runs.
public enum ConvolutionDirection: Hashable, Sendable {
  /// From input to output.
  case forward
  /// From the output's gradient to the input's.
  case gradient
}

/// The ways to compute a convolution.
public enum ConvolutionAlgorithm: Hashable, Sendable {
  /// A matrix product of gathered patches and the filter; see `KernelSet+DirectConvolution.swift`.
  case direct
  /// F(4x4, 3x3) of Winograd; see `KernelSet+Winograd.swift`.
  case winograd
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
