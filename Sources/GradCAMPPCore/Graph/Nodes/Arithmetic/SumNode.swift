import GradCAMPPKernels

/// Sum: the sum of any number of tensors of one shape.
enum SumNode: NodeKind {
  static let operation = "Sum"
  static let axisUse = AxisUse.elementwise

  static func outputShapes(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [Shape] {
    let first = try inputs.shape(0, of: node)
    for place in node.inputs.indices {
      let shape = try inputs.shape(place, of: node)
      guard shape == first else {
        throw node.error("adds tensors of shapes \(first) and \(shape); expected one shape")
      }
    }
    return [first]
  }

  static func lower(
    _ node: GraphNode, _ inputs: NodeInputs, to network: inout GraphLowering
  ) throws(GradCAMError) {
    guard node.inputs.count > 1 else { return try network.pass(node) }
    try network.add(Addition(), for: node, inputs: node.inputs.indices)
  }
}
