import GradCAMPPKernels

/// Grad-CAM++ of the package MONAI.
///
/// Its factor exp(score) scales all channels alike and is left out.
public struct MONAIDialect: ChannelWeighting {
  /// "gradcam++-monai".
  public static let name = "gradcam++-monai"

  /// What it computes.
  public static let summary =
    "Grad-CAM++ as MONAI computes it: the third derivative is summed with the activations, cell "
    + "by cell"

  /// Where it was published.
  public static let citation =
    "MONAI 1.6, GradCAMpp; after Chattopadhay et al., WACV 2018, equation 19"

  /// One layer with gradients.
  public static let needs = MethodNeeds()

  /// The method, which has no options.
  public init(_ options: MethodOptions = .none) {}

  /// `w = Σ_{g>0} g · g² / (2 g² + T + 1e-7)`, T the sum of `A g³` over the channel's cells; a
  /// denominator of 0 is taken as 1 before the constant is added.
  public func channelWeights(_ evidence: LayerEvidence) -> [Double] {
    var cubes = [Double](repeating: 0, count: evidence.channels)
    evidence.forEachPair { channel, activation, gradient in
      cubes[channel] += activation * gradient * gradient * gradient
    }
    var weights = [Double](repeating: 0, count: evidence.channels)
    evidence.forEachGradient { channel, gradient in
      guard gradient > 0 else { return }
      let square = gradient * gradient
      let sum = 2 * square + cubes[channel]
      let divisor = (sum == 0 ? 1 : sum) + 1e-7
      if divisor != 0 { weights[channel] += gradient * square / divisor }
    }
    return weights
  }
}
