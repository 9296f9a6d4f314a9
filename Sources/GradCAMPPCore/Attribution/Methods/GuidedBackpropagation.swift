import GradCAMPPKernels

/// Guided backpropagation to the picture seen.
public struct GuidedBackpropagation: AttributionMethod {
  /// "guided".
  public static let name = "guided"

  /// What it computes.
  public static let summary =
    "guided backpropagation to the pixels: the largest magnitude among the colours; it passes "
    + "model randomisation nearly unchanged, so it says little about the class"

  /// Where it was published.
  public static let citation =
    "Springenberg et al., Striving for Simplicity: The All Convolutional Net, ICLR Workshop 2015, "
    + "section 3.4; against it: Adebayo et al., Sanity Checks for Saliency Maps, NeurIPS 2018"

  /// The picture itself, with what the walk back brings to it.
  public static let needs = MethodNeeds(layers: .input, rule: .guided)

  /// The method, which has no options.
  public init(_ options: MethodOptions = .none) {}

  /// The largest magnitude among the colours of a pixel.
  public func map(_ evidence: Evidence) -> AttributionMap {
    evidence.layers[0].largestMagnitudes()
  }
}
