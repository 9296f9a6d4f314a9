import GradCAMPPKernels

/// Reciprocal: `1 / x`.
enum ReciprocalNode: ActivationNode {
  static let operation = "Reciprocal"

  static func activation(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> (any Activation)? {
    ElementActivation(.reciprocal)
  }
}
