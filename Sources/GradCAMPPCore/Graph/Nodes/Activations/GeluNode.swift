import GradCAMPPKernels

/// Gelu: `x Phi(x)`, Phi being the normal distribution, or its approximation by tanh.
enum GeluNode: ActivationNode {
  static let operation = "Gelu"
  static let attributes: Set<String> = ["approximate"]

  static func activation(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> (any Activation)? {
    let form = try node.text("approximate", default: "none")
    switch form {
    case "none": return ElementActivation(.gelu)
    case "tanh": return ElementActivation(.geluByTanh)
    default: throw node.wrong("approximate", .text(form), "none or tanh")
    }
  }
}
