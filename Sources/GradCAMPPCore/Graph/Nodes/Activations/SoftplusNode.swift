import GradCAMPPKernels

/// Softplus: `log(1 + exp(x))`.
enum SoftplusNode: ActivationNode {
  static let operation = "Softplus"

  static func activation(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> (any Activation)? {
    ElementActivation(.softplus)
  }
}
