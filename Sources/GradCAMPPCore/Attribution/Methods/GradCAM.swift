import GradCAMPPKernels

/// Grad-CAM: a channel's weight is its mean gradient.
public struct GradCAM: ChannelWeighting {
  /// "gradcam".
  public static let name = "gradcam"

  /// What it computes.
  public static let summary = "Grad-CAM: channels weighted by their mean gradient"

  /// Where it was published.
  public static let citation =
    "Selvaraju et al., Grad-CAM: Visual Explanations from Deep Networks via Gradient-based "
    + "Localization, ICCV 2017, equation 1"

  /// One layer with gradients.
  public static let needs = MethodNeeds()

  /// The method, which has no options.
  public init(_ options: MethodOptions = .none) {}

  /// `w = (1/Z) Σ g`, Z the number of cells.
  public func channelWeights(_ evidence: LayerEvidence) -> [Double] {
    var weights = [Double](repeating: 0, count: evidence.channels)
    evidence.forEachGradient { channel, gradient in weights[channel] += gradient }
    return weights.map { $0 / Double(evidence.cells) }
  }
}
