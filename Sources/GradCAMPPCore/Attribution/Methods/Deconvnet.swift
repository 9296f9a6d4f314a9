import GradCAMPPKernels

/// What the deconvolutional network brings to the picture seen.
public struct Deconvnet: AttributionMethod {
  /// "deconvnet".
  public static let name = "deconvnet"

  /// What it computes.
  public static let summary =
    "the deconvolutional network to the pixels: the largest magnitude among the colours"

  /// Where it was published.
  public static let citation =
    "Zeiler and Fergus, Visualizing and Understanding Convolutional Networks, ECCV 2014, "
    + "section 2.1"

  /// The picture itself, with what the walk back brings to it.
  public static let needs = MethodNeeds(layers: .input, rule: .deconvolution)

  /// The method, which has no options.
  public init(_ options: MethodOptions = .none) {}

  /// The largest magnitude among the colours of a pixel.
  public func map(_ evidence: Evidence) -> AttributionMap {
    evidence.layers[0].largestMagnitudes()
  }
}
