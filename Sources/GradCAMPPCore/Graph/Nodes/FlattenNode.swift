import GradCAMPPKernels

/// Flatten: (N, everything else).
enum FlattenNode: NodeKind {
  static let operation = "Flatten"
  static let attributes: Set<String> = ["axis"]
  static let axisUse = AxisUse.memory

  static func outputShapes(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [Shape] {
    let shape = try inputs.shape(0, of: node)
    let axis = try node.integer("axis", default: 1)
    guard shape.rank >= 1, axis == 1 || axis == 1 - shape.rank else {
      throw node.wrong("axis", .integer(axis), "1, which keeps the batch")
    }
    return [try node.shape([shape[0], shape.extents.dropFirst().reduce(1, *)])]
  }

  static func lower(
    _ node: GraphNode, _ inputs: NodeInputs, to network: inout GraphLowering
  ) throws(GradCAMError) {
    try network.add(Flatten(), for: node)
  }
}
