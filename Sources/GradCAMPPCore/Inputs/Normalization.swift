import GradCAMPPKernels

/// How the colours of a pixel become a network's input.
///
/// A colour from 0 to 255 goes in as `(colour * scale - mean) / deviation`, mean and deviation in
/// the order of the input's channels.
public struct Normalization: Equatable, Sendable {
  /// The order in which a network takes the colours of a pixel.
  public enum ChannelOrder: String, Sendable {
    /// Red first.
    case rgb = "RGB"
    /// Blue first.
    case bgr = "BGR"
  }

  /// The order of the input's channels.
  public let channelOrder: ChannelOrder

  /// What a colour from 0 to 255 is multiplied by.
  public let scale: Double

  /// What is then subtracted, for each channel of the input.
  public let mean: [Double]

  /// What is then divided by, for each channel of the input.
  public let deviation: [Double]

  /// Values known to be usable: three means and three deviations, none of these 0.
  init(channelOrder: ChannelOrder, scale: Double, mean: [Double], deviation: [Double]) {
    precondition(mean.count == 3 && deviation.count == 3, "not three channels")
    self.channelOrder = channelOrder
    self.scale = scale
    self.mean = mean
    self.deviation = deviation
  }

  /// Values of unknown origin, which messages call `origin`.
  ///
  /// Throws `invalidArgument` naming the first that cannot be used.
  public init(
    checkingChannelOrder order: String, scale: Double, mean: [Double], deviation: [Double],
    origin: String
  ) throws(GradCAMError) {
    guard let channelOrder = ChannelOrder(rawValue: order) else {
      throw GradCAMError(
        .invalidArgument, "\(origin) has channel order \(order.quoted); expected RGB or BGR")
    }
    guard mean.count == 3, deviation.count == 3 else {
      throw GradCAMError(
        .invalidArgument,
        "\(origin) has \(mean.count) means and \(deviation.count) standard deviations; expected 3 "
          + "and 3")
    }
    guard scale.isFinite, scale > 0 else {
      throw GradCAMError(
        .invalidArgument, "\(origin) has scale \(scale); expected a finite number above 0")
    }
    for value in mean where !value.isFinite {
      throw GradCAMError(.invalidArgument, "\(origin) has mean \(value); expected a finite number")
    }
    for value in deviation where !(value.isFinite && value > 0) {
      throw GradCAMError(
        .invalidArgument,
        "\(origin) has standard deviation \(value); expected a finite number above 0")
    }
    self.init(channelOrder: channelOrder, scale: scale, mean: mean, deviation: deviation)
  }
}
