/// The ways to compute a convolution.
public enum ConvolutionAlgorithm: Hashable, Sendable {
  /// F(4x4, 3x3) of Winograd; see `KernelSet+Winograd.swift`.
  case winograd
  /// A matrix product of overlapping stretches of interleaved source lines; see
  /// `KernelSet+InterleavedConvolution.swift`.
  case interleaved
  /// A product for each tap, then shifted sums; see `KernelSet+TapwiseConvolution.swift`.
  case tapwise
  /// Each channel by itself; see `KernelSet+DepthwiseConvolution.swift`.
  case depthwise
  /// A matrix product of gathered patches; see `KernelSet+DirectConvolution.swift`.
  case direct
}

extension ConvolutionStep {
  /// How the convolution is computed: the first row of the table that serves its shape.
  ///
  /// Fixed by the shape alone, on every tier, so that results repeat. The table was measured with
  /// the steps of VGG16 at 224x224 by `make bench` (2 threads, AVX-512), in milliseconds beside
  /// `direct`, which serves every shape:
  ///
  /// | step | channels | chosen | it takes | direct |
  /// |---|---|---|---:|---:|
  /// | conv1_2 forward | 64 to 64 | winograd | 3.2 | 8.8 |
  /// | conv3_2 forward | 256 to 256 | winograd | 2.2 | 7.7 |
  /// | conv5_2 forward | 512 to 512 | winograd | 0.9 | 2.2 |
  /// | conv1_1 forward | 3 to 64 | interleaved | 0.9 | 1.6 |
  /// | conv1_1 gradient | 64 to 3 | tapwise | 0.8 | 5.1 |
  @inlinable public var algorithm: ConvolutionAlgorithm {
    if filter.isDepthwise { return .depthwise }
    if isWinograd { return .winograd }
    if isInterleaved { return .interleaved }
    return isTapwise ? .tapwise : .direct
  }

  /// 3x3 taps next to each other, channels that fill registers, and pictures of enough tiles.
  ///
  /// Winograd's filter is four times as large. Where it does not stay in the second-level cache,
  /// reading it for a few tiles takes longer than the multiplications that it saves.
  @inlinable var isWinograd: Bool {
    let kernel = geometry.kernel
    let tiles = ((result.height + 3) / 4) * ((result.width + 3) / 4)
    return isPlane && geometry.stride == .one && geometry.dilation == .one
      && kernel.height == 3 && kernel.width == 3
      && (tiles >= 9 || filter.inputs * filter.outputs <= 64 * 64)
      && geometry.padding.height <= 2 && geometry.padding.width <= 2
      && filter.inputs.isMultiple(of: 16) && filter.outputs.isMultiple(of: 16)
  }

  /// Few source channels: a first layer, which sees colours.
  @inlinable var isInterleaved: Bool {
    isPlane && direction == .forward && geometry.dilation.width == 1 && filter.inputs <= 4
      && filter.depth(direction) <= 256 && filter.outputs >= 8
  }

  /// Few result channels: a first layer's gradient, or a last layer that draws a map.
  @inlinable var isTapwise: Bool {
    isPlane && geometry.stride == .one && filter.resultChannels(direction) <= 4
      && filter.kernel.count * filter.resultChannels(direction) <= FilterLayout.widestPanel
      && filter.sourceChannels(direction) >= 8 && source.width >= 8
  }

  /// One group, and windows over two spatial axes: every slice of a third is convolved by itself.
  @inlinable var isPlane: Bool {
    filter.groups == 1 && geometry.kernel.depth == 1 && geometry.padding.depth == 0
      && geometry.stride.depth == 1 && geometry.input.depth == geometry.output.depth
  }
}
