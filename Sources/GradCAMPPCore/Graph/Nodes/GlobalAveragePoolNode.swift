import GradCAMPPKernels

/// GlobalAveragePool: the mean over all cells, which leaves one.
enum GlobalAveragePoolNode: NodeKind {
  static let operation = "GlobalAveragePool"
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
    try network.add(AdaptiveAveragePooling.global, for: node)
  }
}
