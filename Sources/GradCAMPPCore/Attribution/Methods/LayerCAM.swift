import GradCAMPPKernels

/// LayerCAM: every cell has a weight of its own, so that early layers give sharp maps too.
public struct LayerCAM: CellWeighting {
  /// "layercam".
  public static let name = "layercam"

  /// What it computes.
  public static let summary =
    "LayerCAM: activations weighted by their positive gradients, cell by cell"

  /// Where it was published.
  public static let citation =
    "Jiang et al., LayerCAM: Exploring Hierarchical Class Activation Maps for Localization, IEEE "
    + "Transactions on Image Processing 30, 2021, equations 6 and 7"

  /// One layer with gradients.
  public static let needs = MethodNeeds()

  /// The method, which has no options.
  public init(_ options: MethodOptions = .none) {}

  /// `max(g, 0) A`.
  public func value(activation: Double, gradient: Double) -> Double {
    max(gradient, 0) * activation
  }
}
