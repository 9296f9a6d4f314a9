import GradCAMPPKernels

/// GlobalLpPool: the norm of all cells, `(Σ |x|^p)^(1/p)`.
enum GlobalLpPoolNode: NodeKind {
  static let operation = "GlobalLpPool"
  static let attributes: Set<String> = ["p"]
  static let axisUse = AxisUse.spatial

  static func outputShapes(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [Shape] {
    let shape = try inputs.shape(0, of: node)
    _ = try LpPoolNode.power(node)
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
    try network.add(
      PowerPooling(power: LpPoolNode.power(node), kernel: spatial, stride: spatial), for: node)
  }
}
