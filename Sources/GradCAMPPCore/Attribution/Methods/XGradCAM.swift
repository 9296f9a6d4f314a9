import GradCAMPPKernels

/// XGrad-CAM: gradients weighted by the share of the channel's activation that lies at the cell.
public struct XGradCAM: ChannelWeighting {
  /// "xgradcam".
  public static let name = "xgradcam"

  /// What it computes.
  public static let summary =
    "XGrad-CAM: channels weighted by the mean of their gradients, weighted by the activations"

  /// Where it was published.
  public static let citation =
    "Fu et al., Axiom-based Grad-CAM: Towards Accurate Visualization and Explanation of CNNs, "
    + "BMVC 2020, equation 8"

  /// One layer with gradients.
  public static let needs = MethodNeeds()

  /// The method, which has no options.
  public init(_ options: MethodOptions = .none) {}

  /// `w = Σ g A / Σ A`; 0 for a channel whose activations sum to 0.
  public func channelWeights(_ evidence: LayerEvidence) -> [Double] {
    let sums = evidence.activationSums()
    var weights = [Double](repeating: 0, count: evidence.channels)
    evidence.forEachPair { channel, activation, gradient in
      weights[channel] += gradient * activation
    }
    return zip(weights, sums).map { $1 == 0 ? 0 : $0 / $1 }
  }
}
