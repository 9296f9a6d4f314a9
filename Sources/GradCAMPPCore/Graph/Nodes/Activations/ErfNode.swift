import GradCAMPPKernels

/// Erf: the error function.
enum ErfNode: ActivationNode {
  static let operation = "Erf"

  static func activation(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> (any Activation)? {
    ElementActivation(.errorFunction)
  }
}
