import GradCAMPPKernels

/// Identity: the value itself.
enum IdentityNode: NodeKind {
  static let operation = "Identity"
  static let axisUse = AxisUse.elementwise

  static func outputShapes(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [Shape] {
    [try inputs.shape(0, of: node)]
  }

  static func folded(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [GraphConstant]? {
    inputs.constants[0].map { [$0] }
  }

  static func lower(
    _ node: GraphNode, _ inputs: NodeInputs, to network: inout GraphLowering
  ) throws(GradCAMError) {
    try network.pass(node)
  }
}
