import GradCAMPPKernels

/// Score-CAM.
public struct ScoreCAM: ChannelScoring {
  /// "scorecam".
  public static let name = "scorecam"

  /// What it computes.
  public static let summary =
    "Score-CAM: channels weighted by the target's score for the picture seen through them; one "
    + "forward pass for each channel"

  /// Where it was published.
  public static let citation =
    "Wang et al., Score-CAM: Score-Weighted Visual Explanations for Convolutional Neural "
    + "Networks, CVPR Workshops 2020, equations 4 to 8"

  /// One layer, and scores of the picture behind masks.
  public static let needs = MethodNeeds(gradients: false, scoring: true)

  /// The method, which has no options.
  public init(_ options: MethodOptions = .none) {}

  /// One.
  public var masksOfChannel: Int { 1 }

  /// The channel's mask.
  public func mask(_ mask: [Float], channel: Int, sample: Int) -> [Float] { mask }
}
