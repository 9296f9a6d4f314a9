import GradCAMPPKernels

/// Softmax: `exp(x) / Σ exp(x)` along an axis.
///
/// As the last node it is taken off, see `DropOutputActivation`; no operator computes it elsewhere.
enum SoftmaxNode: NodeKind {
  static let operation = "Softmax"
  static let attributes: Set<String> = ["axis"]
  static let axisUse = AxisUse.named

  /// The axis of a tensor of `rank` axes, counted from the outermost.
  ///
  /// Before version 13 it is 1 when left out, and all axes from it on are one.
  static func axis(_ node: GraphNode, rank: Int) throws(GradCAMError) -> Int {
    let axis = try node.integer("axis", default: node.version < 13 ? 1 : -1)
    guard (-rank..<rank).contains(axis) else {
      throw node.wrong("axis", .integer(axis), "one of \(rank) axes")
    }
    let place = axis < 0 ? axis + rank : axis
    guard node.version >= 13 || place == rank - 1 else {
      throw node.wrong("axis", .integer(axis), "the last of \(rank) axes")
    }
    return place
  }

  static func outputShapes(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [Shape] {
    let shape = try inputs.shape(0, of: node)
    _ = try axis(node, rank: shape.rank)
    return [shape]
  }

  static func renamed(
    _ node: GraphNode, _ order: AxisOrder, _ inputs: NodeInputs
  ) throws(GradCAMError) -> (node: GraphNode, outputs: AxisOrder) {
    var renamed = node
    renamed.attributes["axis"] = .integer(order.place(of: try axis(node, rank: order.rank)))
    renamed.version = GraphNode.standardVersion
    return (renamed, order)
  }
}
