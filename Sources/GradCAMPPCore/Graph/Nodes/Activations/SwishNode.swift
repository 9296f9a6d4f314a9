import GradCAMPPKernels

/// Swish: `x sigmoid(alpha x)`.
enum SwishNode: ActivationNode {
  static let operation = "Swish"
  static let attributes: Set<String> = ["alpha"]

  static func activation(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> (any Activation)? {
    ElementActivation(.silu(factor: try node.float("alpha", default: 1)))
  }
}
