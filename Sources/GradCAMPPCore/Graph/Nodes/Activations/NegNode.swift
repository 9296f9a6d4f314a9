import GradCAMPPKernels

/// Neg: `-x`.
enum NegNode: NodeKind {
  static let operation = "Neg"
  static let axisUse = AxisUse.elementwise

  static func outputShapes(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [Shape] {
    [try inputs.shape(0, of: node)]
  }

  static func lower(
    _ node: GraphNode, _ inputs: NodeInputs, to network: inout GraphLowering
  ) throws(GradCAMError) {
    let channels = try inputs.shape(0, of: node).channels
    try network.add(
      ChannelAffine(
        factors: [Float](repeating: -1, count: channels),
        offsets: [Float](repeating: 0, count: channels)), for: node)
  }
}
