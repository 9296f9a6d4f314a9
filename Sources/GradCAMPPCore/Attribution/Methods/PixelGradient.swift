import GradCAMPPKernels

/// The gradient of the score by the picture seen.
public struct PixelGradient: AttributionMethod {
  /// "gradient".
  public static let name = "gradient"

  /// What it computes.
  public static let summary =
    "the gradient by the pixels: the largest magnitude among the colours"

  /// Where it was published.
  public static let citation =
    "Simonyan, Vedaldi and Zisserman, Deep Inside Convolutional Networks: Visualising Image "
    + "Classification Models and Saliency Maps, ICLR Workshop 2014, section 3.1"

  /// The picture itself, with what the walk back brings to it.
  public static let needs = MethodNeeds(layers: .input)

  /// The method, which has no options.
  public init(_ options: MethodOptions = .none) {}

  /// The largest magnitude among the colours of a pixel.
  public func map(_ evidence: Evidence) -> AttributionMap {
    evidence.layers[0].largestMagnitudes()
  }
}
