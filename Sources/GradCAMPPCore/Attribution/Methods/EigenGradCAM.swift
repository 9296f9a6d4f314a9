import GradCAMPPKernels

/// Eigen-CAM of gradient times activation, so that the target matters.
///
/// The sign of a component is free: here the number of largest magnitude is positive.
public struct EigenGradCAM: AttributionMethod {
  /// "eigengradcam".
  public static let name = "eigengradcam"

  /// What it computes.
  public static let summary =
    "Eigen-Grad-CAM: the first principal component of gradient times activation"

  /// Where it was published.
  public static let citation =
    "pytorch-grad-cam 1.5, EigenGradCAM; after Muhammad and Yeasin, Eigen-CAM, IJCNN 2020"

  /// One layer with gradients.
  public static let needs = MethodNeeds()

  /// The method, which has no options.
  public init(_ options: MethodOptions = .none) {}

  /// The projection of each cell on the first principal component.
  public func map(_ evidence: Evidence) -> AttributionMap {
    let layer = evidence.layers[0]
    var values: [Double] = []
    values.reserveCapacity(layer.cells * layer.channels)
    layer.forEachPair { _, activation, gradient in values.append(gradient * activation) }
    let projection = PrincipalComponent.projection(
      of: values, rows: layer.cells, columns: layer.channels)
    return AttributionMap(projection, shape: layer.spatialShape)
  }
}
