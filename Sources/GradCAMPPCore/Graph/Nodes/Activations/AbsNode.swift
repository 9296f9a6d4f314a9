import GradCAMPPKernels

/// Abs: `|x|`.
enum AbsNode: ActivationNode {
  static let operation = "Abs"

  static func activation(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> (any Activation)? {
    ElementActivation(.absoluteValue)
  }
}
