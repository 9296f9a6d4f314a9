import GradCAMPPKernels

/// Grad-CAM++ of the package torchcam.
///
/// Its division by alpha's denominator works on a copy and has no effect, so that alpha is g².
public struct TorchCAMDialect: ChannelWeighting {
  /// "gradcam++-torchcam".
  public static let name = "gradcam++-torchcam"

  /// What it computes.
  public static let summary =
    "Grad-CAM++ as torchcam computes it: channels weighted by the sum of cubes of their positive "
    + "gradients"

  /// Where it was published.
  public static let citation =
    "torchcam 0.5, GradCAMpp; after Chattopadhay et al., WACV 2018, equation 19"

  /// One layer with gradients.
  public static let needs = MethodNeeds()

  /// The method, which has no options.
  public init(_ options: MethodOptions = .none) {}

  /// `w = Σ max(g, 0)³`.
  public func channelWeights(_ evidence: LayerEvidence) -> [Double] {
    var weights = [Double](repeating: 0, count: evidence.channels)
    evidence.forEachGradient { channel, gradient in
      let positive = max(gradient, 0)
      weights[channel] += positive * positive * positive
    }
    return weights
  }
}
