import GradCAMPPKernels

/// Tanh: `tanh(x)`.
enum TanhNode: ActivationNode {
  static let operation = "Tanh"

  static func activation(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> (any Activation)? {
    ElementActivation(.tanh)
  }
}
