import GradCAMPPKernels

/// Log: `log(x)`.
enum LogNode: ActivationNode {
  static let operation = "Log"

  static func activation(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> (any Activation)? {
    ElementActivation(.logarithm)
  }
}
