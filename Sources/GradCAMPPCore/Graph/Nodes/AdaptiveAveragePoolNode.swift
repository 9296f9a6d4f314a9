import GradCAMPPKernels

/// AdaptiveAveragePool: the mean over bins, as many as `output_size` says.
///
/// ONNX lacks it; PyTorch's networks have it before their dense layers.
enum AdaptiveAveragePoolNode: NodeKind {
  static let operation = "AdaptiveAveragePool"
  static let attributes: Set<String> = ["output_size"]
  static let axisUse = AxisUse.spatial

  private static func cells(
    _ node: GraphNode, _ spatial: [Int]
  ) throws(GradCAMError) -> [Int] {
    let cells = try node.integers("output_size", count: spatial.count, default: 1, atLeast: 1)
    guard zip(spatial, cells).allSatisfy({ $0 >= $1 }) else {
      throw node.error("takes \(spatial) cells to \(cells); expected no fewer cells before it")
    }
    return cells
  }

  static func outputShapes(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [Shape] {
    let shape = try inputs.shape(0, of: node)
    return [
      try NodeWindows.shape(
        node, batch: shape[0], channels: NodeWindows.channels(node, shape),
        spatial: cells(node, NodeWindows.spatial(node, shape)))
    ]
  }

  static func lower(
    _ node: GraphNode, _ inputs: NodeInputs, to network: inout GraphLowering
  ) throws(GradCAMError) {
    let spatial = try NodeWindows.spatial(node, inputs.shape(0, of: node))
    let cells = try cells(node, spatial)
    // As many cells as there are stay as they are.
    guard cells != spatial else { return try network.pass(node) }
    try network.add(AdaptiveAveragePooling(cells: cells), for: node)
  }
}
