import GradCAMPPKernels

/// InstanceNormalization: each channel of a picture by its mean and variance.
enum InstanceNormalizationNode: NormalizationNode {
  static let operation = "InstanceNormalization"
  static let attributes: Set<String> = ["epsilon"]

  static func groups(_ node: GraphNode, channels: Int) -> Int { channels }
}
