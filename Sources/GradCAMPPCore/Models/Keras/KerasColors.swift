import GradCAMPPKernels

/// What a network does to colours before its first layer with weights: `x scale + offset` for each
/// channel.
struct KerasColors {
  private var scales = [1.0, 1.0, 1.0]
  private var offsets = [0.0, 0.0, 0.0]
  /// Whether the network says anything of it.
  private var isSaid = false

  /// Adds a rescaling, of one number for all channels or one for each.
  mutating func add(
    scales: [Double], offsets: [Double], _ layer: KerasLayer
  ) throws(GradCAMError) {
    let scales = scales.count == 1 ? scales + scales + scales : scales
    let offsets = offsets.count == 1 ? offsets + offsets + offsets : offsets
    guard scales.count == 3, offsets.count == 3,
      (scales + offsets).allSatisfy(\.isFinite), scales.allSatisfy({ $0 > 0 })
    else {
      throw layer.error(
        "has scales \(scales) and offsets \(offsets); expected one or three of each, finite, scales "
          + "above 0")
    }
    for channel in 0..<3 {
      self.scales[channel] *= scales[channel]
      self.offsets[channel] = self.offsets[channel] * scales[channel] + offsets[channel]
    }
    isSaid = true
  }

  /// How colours go in: as the caller or the weights say, in place of all that the network does;
  /// else what it does to colours from 0 to 255, red first.
  ///
  /// `y = c scale + offset = (c - (-offset / scale)) / (1 / scale)`. Throws `badData` when nothing is
  /// said at all, but for Keras's own VGG networks.
  func normalization(
    _ weights: WeightStore, _ options: ModelOptions, isCaffe: Bool, origin: String
  ) throws(GradCAMError) -> Normalization {
    if let said = options.normalization ?? weights.normalization { return said }
    guard isSaid else {
      guard isCaffe else {
        throw GradCAMError(
          .badData,
          "\(origin) does not say what is done to colours before they go in; say it with "
            + "preprocessing, such as \"unit\" for colours from 0 to 1")
      }
      return .caffe
    }
    return Normalization(
      channelOrder: .rgb, scale: 1, mean: (0..<3).map { 0 - offsets[$0] / scales[$0] },
      deviation: scales.map { 1 / $0 })
  }
}
