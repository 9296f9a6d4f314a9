import GradCAMPPKernels

// Grad-CAM++ as the 2018 program computes it, in closed form.
//
// Goals, in order: the original's map; finite for every logit; speed.
//
// The paper's score is exp(s), s the class's logit. With E = exp(s), g = ∂s/∂A and S = Σ A over the
// channel's cells, its derivatives by A are E g, E g², E g³, and equation 19 gives for each cell
//
//     α = E g² / (2 E g² + S E g³) = 1 / (2 + g S)        for g ≠ 0; the program has α = 0 at g = 0.
//
// The program divides α by its sum over the cells with g > 0 and weights the positive part of the
// gradient with it (equation 5):
//
//     w = Σ max(E g, 0) α / Σ_{g>0} α = E · Σ_{g>0} g / (2 + g S) / Σ_{g>0} 1 / (2 + g S).
//
// E scales all channels alike and leaves the map, which is divided by its maximum. So it is left
// out: exp overflows float32 at a logit of 88.7, and far below 0 the products underflow, which is
// where the program fails.
//
// Where 2 + g S is 0 the program's denominator is 0 and it takes α = E g². That needs negative
// activations, a tensor before its ReLU, and happens nowhere but on that one value; such a cell
// is left out.

/// Grad-CAM++: a channel's weight is a weighted mean of its positive gradients.
public struct GradCAMPlusPlus: ChannelWeighting {
  /// "gradcam++".
  public static let name = "gradcam++"

  /// What it computes.
  public static let summary =
    "Grad-CAM++ as the 2018 program computes it: channels weighted by a weighted mean of their "
    + "positive gradients"

  /// Where it was published.
  public static let citation =
    "Chattopadhay et al., Grad-CAM++: Generalized Gradient-Based Visual Explanations for Deep "
    + "Convolutional Networks, WACV 2018, equations 5 and 19"

  /// One layer with gradients.
  public static let needs = MethodNeeds()

  /// The method, which has no options.
  public init(_ options: MethodOptions = .none) {}

  /// `w = Σ_{g>0} g / (2 + g S) / Σ_{g>0} 1 / (2 + g S)`; 0 when no gradient is positive.
  public func channelWeights(_ evidence: LayerEvidence) -> [Double] {
    let sums = evidence.activationSums()
    var numerators = [Double](repeating: 0, count: evidence.channels)
    var denominators = numerators
    evidence.forEachGradient { channel, gradient in
      let divisor = 2 + gradient * sums[channel]
      guard gradient > 0, divisor != 0 else { return }
      numerators[channel] += gradient / divisor
      denominators[channel] += 1 / divisor
    }
    return zip(numerators, denominators).map { $1 == 0 ? 0 : $0 / $1 }
  }
}
