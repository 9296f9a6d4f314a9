import GradCAMPPKernels

/// Grad-CAM+: a channel's weight is the mean of its gradients' positive parts.
public struct GradCAMPlus: ChannelWeighting {
  /// "gradcam+".
  public static let name = "gradcam+"

  /// What it computes.
  public static let summary =
    "Grad-CAM+: channels weighted by the mean of their positive gradients"

  /// Where it was published.
  public static let citation =
    "Lerma and Lucas, Grad-CAM++ is Equivalent to Grad-CAM With Positive Gradients, 2022, "
    + "arXiv:2205.10838"

  /// One layer with gradients.
  public static let needs = MethodNeeds()

  /// The method, which has no options.
  public init(_ options: MethodOptions = .none) {}

  /// `w = (1/Z) Σ max(g, 0)`, Z the number of cells.
  public func channelWeights(_ evidence: LayerEvidence) -> [Double] {
    var weights = [Double](repeating: 0, count: evidence.channels)
    evidence.forEachGradient { channel, gradient in weights[channel] += max(gradient, 0) }
    return weights.map { $0 / Double(evidence.cells) }
  }
}
