import GradCAMPPKernels

/// HiResCAM: gradients are not averaged before they meet the activations.
///
/// For a network that ends in one dense layer behind the explained one, the map's sum is the
/// logit without its bias.
public struct HiResCAM: CellWeighting {
  /// "hirescam".
  public static let name = "hirescam"

  /// What it computes.
  public static let summary =
    "HiResCAM: the sum over the channels of gradient times activation, cell by cell"

  /// Where it was published.
  public static let citation =
    "Draelos and Carin, Use HiResCAM instead of Grad-CAM for faithful explanations of "
    + "convolutional neural networks, 2020, arXiv:2011.08891, equation 5"

  /// One layer with gradients.
  public static let needs = MethodNeeds()

  /// The method, which has no options.
  public init(_ options: MethodOptions = .none) {}

  /// `g A`.
  public func value(activation: Double, gradient: Double) -> Double {
    gradient * activation
  }
}
