import GradCAMPPKernels

/// Add: the sum of two tensors of one shape.
enum AddNode: NodeKind {
  static let operation = "Add"
  static let axisUse = AxisUse.elementwise

  static func outputShapes(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [Shape] {
    guard node.inputs.count == 2 else {
      throw node.error("has \(node.inputs.count) inputs; expected 2")
    }
    return try SumNode.outputShapes(node, inputs)
  }

  static func lower(
    _ node: GraphNode, _ inputs: NodeInputs, to network: inout GraphLowering
  ) throws(GradCAMError) {
    try SumNode.lower(node, inputs, to: &network)
  }
}
