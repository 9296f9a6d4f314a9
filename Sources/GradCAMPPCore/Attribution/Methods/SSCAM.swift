import GradCAMPPKernels

/// SS-CAM: noise on the masks.
public struct SSCAM: ChannelScoring {
  /// "sscam".
  public static let name = "sscam"

  /// What it computes.
  public static let summary =
    "SS-CAM: Score-CAM whose masks get noise, averaged over some samples; a forward pass for each "
    + "sample of each channel"

  /// Where it was published.
  public static let citation =
    "Wang et al., SS-CAM: Smoothed Score-CAM for Sharper Visual Feature Localization, 2020, "
    + "arXiv:2006.14255, equation 5"

  /// One layer, and scores of the picture behind masks.
  public static let needs = MethodNeeds(gradients: false, scoring: true)

  /// What can be chosen.
  public static let options = [
    MethodOption(
      name: "samples", summary: "how many masks are made of each channel", kind: .integer,
      standard: 35, range: 1...10_000),
    MethodOption(
      name: "deviation", summary: "standard deviation of the noise", kind: .number,
      standard: 2, range: 0...100),
    MethodOption(
      name: "seed", summary: "which noise", kind: .integer,
      standard: 1, range: 0...4_294_967_295),
  ]

  /// How many masks are made of each channel.
  public let masksOfChannel: Int
  private let deviation: Double
  private let seed: UInt64

  /// The method with its options.
  public init(_ options: MethodOptions) {
    masksOfChannel = Int(options["samples"])
    deviation = options["deviation"]
    seed = UInt64(options["seed"])
  }

  /// The channel's mask with noise of its own.
  public func mask(_ mask: [Float], channel: Int, sample: Int) -> [Float] {
    var numbers = SeededNumbers(
      seed: seed << 32 ^ UInt64(channel * masksOfChannel + sample) &* 0x9e37_79b9)
    return mask.map { $0 + Float(deviation * numbers.normal()) }
  }
}
