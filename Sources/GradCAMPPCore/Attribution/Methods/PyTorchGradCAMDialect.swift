import GradCAMPPKernels

/// Grad-CAM++ of the package pytorch-grad-cam.
///
/// Where gradients are of the order of 0.001, as they are in trained networks, the constant in the
/// denominator outweighs the rest, and the weights come near the sum of cubes of gradients.
public struct PyTorchGradCAMDialect: ChannelWeighting {
  /// "gradcam++-pytorch-grad-cam".
  public static let name = "gradcam++-pytorch-grad-cam"

  /// What it computes.
  public static let summary =
    "Grad-CAM++ as pytorch-grad-cam computes it: alpha's denominator is increased by 1e-6, and "
    + "alphas are not normalised"

  /// Where it was published.
  public static let citation =
    "pytorch-grad-cam 1.5, GradCAMPlusPlus; after Chattopadhay et al., WACV 2018, equation 19"

  /// One layer with gradients.
  public static let needs = MethodNeeds()

  /// The method, which has no options.
  public init(_ options: MethodOptions = .none) {}

  /// `w = Σ_{g>0} g · g² / (2 g² + S g³ + 1e-6)`, S the sum of the channel's activations.
  public func channelWeights(_ evidence: LayerEvidence) -> [Double] {
    let sums = evidence.activationSums()
    var weights = [Double](repeating: 0, count: evidence.channels)
    evidence.forEachGradient { channel, gradient in
      guard gradient > 0 else { return }
      let square = gradient * gradient
      let divisor = 2 * square + sums[channel] * square * gradient + 1e-6
      if divisor != 0 { weights[channel] += gradient * square / divisor }
    }
    return weights
  }
}
