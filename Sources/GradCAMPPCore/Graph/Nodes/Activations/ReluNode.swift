import GradCAMPPKernels

/// Relu: `max(x, 0)`.
enum ReluNode: NodeKind {
  static let operation = "Relu"
  static let axisUse = AxisUse.elementwise

  static func outputShapes(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [Shape] {
    [try inputs.shape(0, of: node)]
  }

  static func lower(
    _ node: GraphNode, _ inputs: NodeInputs, to network: inout GraphLowering
  ) throws(GradCAMError) {
    try network.add(ReLU(), for: node)
  }
}
