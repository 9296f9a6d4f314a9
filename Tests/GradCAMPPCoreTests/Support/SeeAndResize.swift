@testable import GradCAMPPCore

extension Preprocessing {
  /// The picture seen, as an array.
  func seen(_ image: RGBImage) -> [Double] {
    var seen = [Double](repeating: .nan, count: inputCount)
    var span = seen.mutableSpan
    see(image, into: &span)
    return seen
  }
}

extension LinearResize {
  /// Numbers of several channels, resized.
  func resized(_ source: [Double], columns: Int, channels: Int = 1) -> [Double] {
    var target = [Double](repeating: .nan, count: targetCount * channels)
    resize(
      channels: channels, smallest: source.min() ?? 0, largest: source.max() ?? 0,
      sample: { source[($0 * columns + $1) * channels + $2] }, store: { target[$0] = $1 })
    return target
  }
}
