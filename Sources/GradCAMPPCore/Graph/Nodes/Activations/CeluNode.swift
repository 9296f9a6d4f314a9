import GradCAMPPKernels

/// Celu: `x` above 0, `alpha (exp(x / alpha) - 1)` below.
enum CeluNode: ActivationNode {
  static let operation = "Celu"
  static let attributes: Set<String> = ["alpha"]

  static func activation(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> (any Activation)? {
    let alpha = try node.float("alpha", default: 1)
    guard alpha > 0 else { throw node.wrong("alpha", .number(Double(alpha)), "a number above 0") }
    return ElementActivation(.exponentialLinear(scale: 1, alpha: alpha, rate: 1 / alpha))
  }
}
