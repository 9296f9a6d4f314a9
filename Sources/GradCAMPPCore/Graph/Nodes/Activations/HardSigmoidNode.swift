import GradCAMPPKernels

/// HardSigmoid: `min(max(alpha x + beta, 0), 1)`.
enum HardSigmoidNode: ActivationNode {
  static let operation = "HardSigmoid"
  static let attributes: Set<String> = ["alpha", "beta"]

  static func activation(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> (any Activation)? {
    ElementActivation(
      .hardSigmoid(
        alpha: try node.float("alpha", default: 0.2), beta: try node.float("beta", default: 0.5)))
  }
}
