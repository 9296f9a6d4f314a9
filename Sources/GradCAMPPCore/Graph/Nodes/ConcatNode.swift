import GradCAMPPKernels

/// Concat: tensors one behind the other along an axis.
enum ConcatNode: NodeKind {
  static let operation = "Concat"
  static let attributes: Set<String> = ["axis"]
  static let axisUse = AxisUse.named

  static func outputShapes(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [Shape] {
    let first = try inputs.shape(0, of: node)
    let axis = try node.axis("axis", rank: first.rank)
    var extents = first.extents
    extents[axis] = 0
    for place in node.inputs.indices {
      let shape = try inputs.shape(place, of: node)
      var others = shape.extents
      if others.count == first.rank { others[axis] = first[axis] }
      guard others == first.extents else {
        throw node.error(
          "joins tensors of shapes \(first) and \(shape) along axis \(axis); expected the other axes "
            + "to be equal")
      }
      let (sum, overflow) = extents[axis].addingReportingOverflow(shape[axis])
      extents[axis] = overflow ? .max : sum
    }
    return [try node.shape(extents)]
  }

  static func renamed(
    _ node: GraphNode, _ order: AxisOrder, _ inputs: NodeInputs
  ) throws(GradCAMError) -> (node: GraphNode, outputs: AxisOrder) {
    var renamed = node
    renamed.attributes["axis"] = .integer(order.place(of: try node.axis("axis", rank: order.rank)))
    return (renamed, order)
  }

  static func lower(
    _ node: GraphNode, _ inputs: NodeInputs, to network: inout GraphLowering
  ) throws(GradCAMError) {
    let axis = try node.axis("axis", rank: inputs.shape(0, of: node).rank)
    guard axis >= 1 else {
      throw node.error("joins tensors along axis 0, the batch, whose pictures are kept apart")
    }
    try network.add(Concatenation(axis: axis), for: node, inputs: node.inputs.indices)
  }
}
