import GradCAMPPKernels

/// Mish: `x tanh(log(1 + exp(x)))`.
enum MishNode: ActivationNode {
  static let operation = "Mish"

  static func activation(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> (any Activation)? {
    ElementActivation(.mish)
  }
}
