import GradCAMPPKernels

/// Grad-CAM++ of the package tf-keras-vis.
///
/// It differs from the 2018 program in the cells over which alphas are summed. That sum may come
/// near 0, because alphas of negative gradients may be negative.
public struct TFKerasVisDialect: ChannelWeighting {
  /// "gradcam++-tf-keras-vis".
  public static let name = "gradcam++-tf-keras-vis"

  /// What it computes.
  public static let summary =
    "Grad-CAM++ as tf-keras-vis computes it: alphas are divided by their sum over all cells, "
    + "those of negative gradients too"

  /// Where it was published.
  public static let citation =
    "tf-keras-vis 0.8, GradcamPlusPlus; after Chattopadhay et al., WACV 2018, equation 19"

  /// One layer with gradients.
  public static let needs = MethodNeeds()

  /// The method, which has no options.
  public init(_ options: MethodOptions = .none) {}

  /// `w = Σ_{g>0} g / (2 + g S) / Σ_{g≠0} 1 / (2 + g S)`; undivided where that sum is 0.
  public func channelWeights(_ evidence: LayerEvidence) -> [Double] {
    let sums = evidence.activationSums()
    var weights = [Double](repeating: 0, count: evidence.channels)
    var divisors = weights
    evidence.forEachGradient { channel, gradient in
      let divisor = 2 + gradient * sums[channel]
      guard gradient != 0, divisor != 0 else { return }
      divisors[channel] += 1 / divisor
      weights[channel] += max(gradient, 0) / divisor
    }
    return zip(weights, divisors).map { $1 == 0 ? $0 : $0 / $1 }
  }
}
