import GradCAMPPKernels

/// The positive parts of gradient times activation.
public struct ElementwiseCAM: CellWeighting {
  /// "elementwise".
  public static let name = "elementwise"

  /// What it computes.
  public static let summary =
    "the sum over the channels of the positive parts of gradient times activation, cell by cell"

  /// Where it was published.
  public static let citation =
    "pytorch-grad-cam 1.5, GradCAMElementWise; HiResCAM (Draelos and Carin, 2020) with a "
    + "rectifier before the sum"

  /// One layer with gradients.
  public static let needs = MethodNeeds()

  /// The method, which has no options.
  public init(_ options: MethodOptions = .none) {}

  /// `max(g A, 0)`.
  public func value(activation: Double, gradient: Double) -> Double {
    max(gradient * activation, 0)
  }
}
