import GradCAMPPKernels

/// Elu: `x` above 0, `alpha (exp(x) - 1)` below.
enum EluNode: ActivationNode {
  static let operation = "Elu"
  static let attributes: Set<String> = ["alpha"]

  static func activation(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> (any Activation)? {
    ElementActivation(
      .exponentialLinear(scale: 1, alpha: try node.float("alpha", default: 1), rate: 1))
  }
}
