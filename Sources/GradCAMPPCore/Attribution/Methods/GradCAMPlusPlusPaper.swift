import GradCAMPPKernels

/// Grad-CAM++ by the paper's text, without the normalisation of the 2018 program.
///
/// The score is exp(s), as in `GradCAMPlusPlus`, whose comment derives `α = 1 / (2 + g S)`.
public struct GradCAMPlusPlusPaper: ChannelWeighting {
  /// "gradcam++-paper".
  public static let name = "gradcam++-paper"

  /// What it computes.
  public static let summary =
    "Grad-CAM++ by the paper's equations: channels weighted by the sum of their positive "
    + "gradients, each times its alpha, which is not normalised"

  /// Where it was published.
  public static let citation =
    "Chattopadhay et al., Grad-CAM++: Generalized Gradient-Based Visual Explanations for Deep "
    + "Convolutional Networks, WACV 2018, equations 5 and 19"

  /// One layer with gradients.
  public static let needs = MethodNeeds()

  /// The method, which has no options.
  public init(_ options: MethodOptions = .none) {}

  /// `w = Σ_{g>0} g / (2 + g S)`, S the sum of the channel's activations.
  public func channelWeights(_ evidence: LayerEvidence) -> [Double] {
    let sums = evidence.activationSums()
    var weights = [Double](repeating: 0, count: evidence.channels)
    evidence.forEachGradient { channel, gradient in
      let divisor = 2 + gradient * sums[channel]
      guard gradient > 0, divisor != 0 else { return }
      weights[channel] += gradient / divisor
    }
    return weights
  }
}
