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
    let shape = try inputs.shape(0, of: node)
    let axis = try node.axis("axis", rank: shape.rank)
    var constants: [Int: Tensor] = [:]
    var computed: [Int] = []
    for place in node.inputs.indices {
      if let constant = inputs.constants[place] {
        let array = try constant.array()
        guard try array.floats(node.name).allSatisfy(\.isFinite) else {
          throw node.error("holds NaN or infinity; finite numbers are expected")
        }
        constants[place] = try array.tensor()
      } else {
        computed.append(place)
      }
    }
    let isDirect = axis >= 1 && shape[0] == 1
    var values: [Int] = []
    for place in computed {
      values.append(
        isDirect
          ? try network.value(place, of: node) : try network.lifted(place, of: node, inputs))
    }
    // Behind the network's batch.
    let parts = constants.mapValues {
      $0.viewed(as: isDirect ? $0.shape.withoutBatch : $0.shape)
    }
    try network.addLifted(
      Concatenation(axis: isDirect ? axis : axis + 1, constants: parts), for: node, values,
      isDirect: isDirect)
  }
}
