import GradCAMPPKernels

/// HardSwish: `x min(max(x + 3, 0), 6) / 6`.
enum HardSwishNode: ActivationNode {
  static let operation = "HardSwish"

  static func activation(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> (any Activation)? {
    ElementActivation(.hardSwish)
  }
}
