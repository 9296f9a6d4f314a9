import GradCAMPPKernels

/// Grad-CAM: a channel's weight is its mean gradient.
public enum GradCAM: AttributionMethod {
  /// "gradcam".
  public static let name = "gradcam"

  /// What it computes.
  public static let summary = "Grad-CAM: channels weighted by their mean gradient"

  /// Where it was published.
  public static let citation =
    "Selvaraju et al., Grad-CAM: Visual Explanations from Deep Networks via Gradient-based "
    + "Localization, ICCV 2017, equation 1"

  /// `w = (1/Z) Σ g`, Z the number of cells.
  public static func channelWeights(_ evidence: Evidence) -> [Double] {
    var weights = [Double](repeating: 0, count: evidence.channels)
    evidence.forEachGradient { channel, gradient in weights[channel] += gradient }
    return weights.map { $0 / Double(evidence.cells) }
  }
}
