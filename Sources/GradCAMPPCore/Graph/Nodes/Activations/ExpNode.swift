import GradCAMPPKernels

/// Exp: `exp(x)`.
enum ExpNode: ActivationNode {
  static let operation = "Exp"

  static func activation(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> (any Activation)? {
    ElementActivation(.exponential)
  }
}
