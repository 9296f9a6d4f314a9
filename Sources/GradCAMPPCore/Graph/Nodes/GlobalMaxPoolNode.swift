import GradCAMPPKernels

/// GlobalMaxPool: the largest of all cells.
enum GlobalMaxPoolNode: NodeKind {
  static let operation = "GlobalMaxPool"
  static let axisUse = AxisUse.spatial

  static func outputShapes(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [Shape] {
    let shape = try inputs.shape(0, of: node)
    return [
      try NodeWindows.shape(
        node, batch: shape[0], channels: NodeWindows.channels(node, shape),
        spatial: NodeWindows.spatial(node, shape).map { _ in 1 })
    ]
  }

  static func lower(
    _ node: GraphNode, _ inputs: NodeInputs, to network: inout GraphLowering
  ) throws(GradCAMError) {
    let spatial = try NodeWindows.spatial(node, inputs.shape(0, of: node))
    try network.add(MaxPooling(kernel: spatial, stride: spatial), for: node)
  }
}
