import GradCAMPPKernels

/// Eigen-CAM: what varies most among the activations, whatever the target.
///
/// Activations are centred by channel, as pytorch-grad-cam does. The sign of a component is free:
/// here the number of largest magnitude is positive.
public struct EigenCAM: AttributionMethod {
  /// "eigencam".
  public static let name = "eigencam"

  /// What it computes.
  public static let summary =
    "Eigen-CAM: the first principal component of the activations, which no target changes"

  /// Where it was published.
  public static let citation =
    "Muhammad and Yeasin, Eigen-CAM: Class Activation Map using Principal Components, IJCNN 2020; "
    + "sign: Chung and Ying, Seg-Eigen-CAM, Applied Sciences 15(13), 2025, equation 13"

  /// One layer.
  public static let needs = MethodNeeds(gradients: false)

  /// The method, which has no options.
  public init(_ options: MethodOptions = .none) {}

  /// The projection of each cell on the first principal component.
  public func map(_ evidence: Evidence) -> AttributionMap {
    let layer = evidence.layers[0]
    let values = layer.activations.read { activations in
      activations.indices.map { Double(activations[$0]) }
    }
    let projection = PrincipalComponent.projection(
      of: values, rows: layer.cells, columns: layer.channels)
    return AttributionMap(projection, shape: layer.spatialShape)
  }
}
