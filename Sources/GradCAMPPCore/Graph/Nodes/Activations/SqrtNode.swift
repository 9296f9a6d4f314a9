import GradCAMPPKernels

/// Sqrt: `sqrt(x)`.
enum SqrtNode: ActivationNode {
  static let operation = "Sqrt"

  static func activation(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> (any Activation)? {
    ElementActivation(.squareRoot)
  }
}
