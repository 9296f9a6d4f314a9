import GradCAMPPKernels

/// Flatten: the axes before `axis` as one, and those from it on as another: (N, everything else).
enum FlattenNode: NodeKind {
  static let operation = "Flatten"
  static let attributes: Set<String> = ["axis"]
  static let axisUse = AxisUse.memory

  static func outputShapes(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [Shape] {
    let shape = try inputs.shape(0, of: node)
    let axis = try axis(node, rank: shape.rank)
    return [
      try node.shape([
        shape.extents[..<axis].reduce(1, *), shape.extents[axis...].reduce(1, *),
      ])
    ]
  }

  /// The first axis of the second part, 0 to `rank`.
  static func axis(_ node: GraphNode, rank: Int) throws(GradCAMError) -> Int {
    let axis = try node.integer("axis", default: 1)
    guard (-rank...rank).contains(axis) else {
      throw node.wrong("axis", .integer(axis), "one of \(rank) axes")
    }
    return axis < 0 ? axis + rank : axis
  }

  static func folded(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [GraphConstant]? {
    guard let constant = inputs.constants[0] else { return nil }
    return [try constant.reshaped(outputShapes(node, inputs)[0])]
  }

  static func lower(
    _ node: GraphNode, _ inputs: NodeInputs, to network: inout GraphLowering
  ) throws(GradCAMError) {
    try network.reshape(node, to: outputShapes(node, inputs)[0])
  }
}
