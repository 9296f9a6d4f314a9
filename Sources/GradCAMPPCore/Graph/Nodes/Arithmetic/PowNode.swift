import GradCAMPPKernels

/// Pow: `a^b`; where b is one constant, a may be negative.
enum PowNode: ArithmeticNode {
  static let operation = "Pow"
  static let function = ArithmeticFunction.power

  /// A function of each number where the exponent is one, else as any two tensors.
  static func lower(
    _ node: GraphNode, _ inputs: NodeInputs, to network: inout GraphLowering
  ) throws(GradCAMError) {
    guard let constant = inputs.constants[1], constant.shape.count == 1,
      try outputShapes(node, inputs)[0] == inputs.shape(0, of: node)
    else { return try lowerCombined(node, inputs, to: &network) }
    let exponent = try constant.floats()[0]
    guard exponent.isFinite else { throw node.error("has the exponent \(exponent)") }
    guard exponent != 1 else { return try network.pass(node) }
    try network.add(ElementActivation(.power(exponent)), for: node)
  }
}
