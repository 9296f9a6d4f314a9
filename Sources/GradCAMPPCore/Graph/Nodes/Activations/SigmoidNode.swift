import GradCAMPPKernels

/// Sigmoid: `1 / (1 + exp(-x))`.
///
/// As the last node it is taken off, see `DropOutputActivation`.
enum SigmoidNode: ActivationNode {
  static let operation = "Sigmoid"

  static func activation(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> (any Activation)? {
    ElementActivation(.sigmoid)
  }
}
