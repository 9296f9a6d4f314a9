import GradCAMPPKernels

/// Dropout: at inference the value itself.
enum DropoutNode: NodeKind {
  static let operation = "Dropout"
  static let attributes: Set<String> = ["is_test", "ratio", "seed"]
  static let axisUse = AxisUse.elementwise

  static func outputShapes(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [Shape] {
    if node.input(2) != nil, try inputs.constant(2, of: node).floats() != [0] {
      throw node.error("is left in its training mode")
    }
    let shape = try inputs.shape(0, of: node)
    return [shape, shape]
  }

  static func folded(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [GraphConstant]? {
    node.outputs.count == 1 ? inputs.constants[0].map { [$0] } : nil
  }

  static func lower(
    _ node: GraphNode, _ inputs: NodeInputs, to network: inout GraphLowering
  ) throws(GradCAMError) {
    try network.pass(node)
  }
}
