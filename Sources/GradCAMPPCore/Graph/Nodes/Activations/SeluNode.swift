import GradCAMPPKernels

/// Selu: `gamma x` above 0, `gamma alpha (exp(x) - 1)` below.
enum SeluNode: ActivationNode {
  static let operation = "Selu"
  static let attributes: Set<String> = ["alpha", "gamma"]

  static func activation(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> (any Activation)? {
    // The defaults as the standard writes them.
    ElementActivation(
      .exponentialLinear(
        scale: try node.float("gamma", default: 1.05070102214813232421875),
        alpha: try node.float("alpha", default: 1.67326319217681884765625), rate: 1))
  }
}
