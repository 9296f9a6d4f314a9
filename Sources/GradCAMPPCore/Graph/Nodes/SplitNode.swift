import GradCAMPPKernels

/// Split: the parts of a tensor along an axis.
///
/// Their extents are an attribute before version 13 and an input from then on; where nothing is
/// said all are equal, the last one smaller with `num_outputs` of version 18.
enum SplitNode: NodeKind {
  static let operation = "Split"
  static let attributes: Set<String> = ["axis", "num_outputs", "split"]
  static let axisUse = AxisUse.named

  /// The axis, and extents of the parts along it.
  private static func parts(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> (axis: Int, counts: [Int]) {
    let shape = try inputs.shape(0, of: node)
    let axis = try node.axis("axis", default: 0, rank: shape.rank)
    let extent = shape[axis]
    let parts = node.outputs.count
    let stated = try node.integers("split")
    var counts = try inputs.integers(1, of: node) ?? stated ?? []
    if counts.isEmpty, parts > 0 {
      let isRoundedUp = node.attributes["num_outputs"] != nil
      try node.require("num_outputs", parts)
      guard isRoundedUp || extent % parts == 0 else {
        throw node.error(
          "splits \(extent) places of axis \(axis) into \(parts); expected a multiple of \(parts)")
      }
      let count = (extent + parts - 1) / parts
      counts = (0..<parts).map { min(count, extent - $0 * count) }
    }
    // Extents up to that of the axis: their sum cannot overflow.
    guard counts.count == parts, counts.allSatisfy({ (1...max(extent, 1)).contains($0) }),
      counts.reduce(0, +) == extent
    else {
      throw node.error(
        "splits \(extent) places of axis \(axis) into \(counts); expected \(parts) parts that add "
          + "up to them")
    }
    return (axis, counts)
  }

  static func outputShapes(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [Shape] {
    let (axis, counts) = try parts(node, inputs)
    let shape = try inputs.shape(0, of: node)
    return counts.map { count in
      var extents = shape.extents
      extents[axis] = count
      return Shape(extents)
    }
  }

  static func renamed(
    _ node: GraphNode, _ order: AxisOrder, _ inputs: NodeInputs
  ) throws(GradCAMError) -> (node: GraphNode, outputs: AxisOrder) {
    let (axis, counts) = try parts(node, inputs)
    var renamed = node
    renamed.attributes = ["axis": .integer(order.place(of: axis)), "split": .integers(counts)]
    renamed.inputs = [node.inputs[0]]
    return (renamed, order)
  }

  static func lower(
    _ node: GraphNode, _ inputs: NodeInputs, to network: inout GraphLowering
  ) throws(GradCAMError) {
    let (axis, counts) = try parts(node, inputs)
    try network.add(for: node, inputs, movesFirst: axis == 0) {
      Split(axis: axis + $0, counts: counts)
    }
  }
}
