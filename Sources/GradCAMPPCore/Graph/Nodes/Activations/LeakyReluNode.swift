import GradCAMPPKernels

/// LeakyRelu: `x` above 0, `alpha x` below.
enum LeakyReluNode: ActivationNode {
  static let operation = "LeakyRelu"
  static let attributes: Set<String> = ["alpha"]

  static func activation(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> (any Activation)? {
    ElementActivation(.leakyRectifier(slope: try node.float("alpha", default: 0.01)))
  }
}
