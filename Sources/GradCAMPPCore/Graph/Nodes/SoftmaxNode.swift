import GradCAMPPKernels

/// A node that makes probabilities of the numbers along an axis, or their logarithms.
///
/// Before version 13 all axes from `axis` on are one, and it is 1 when left out.
protocol ProbabilityNode: NodeKind {
  /// Whether the logarithm is taken.
  static var isLogarithmic: Bool { get }
}

/// Softmax: `exp(x) / Σ exp(x)` along an axis; as the last node it is taken off, see
/// `DropOutputActivation`.
enum SoftmaxNode: ProbabilityNode {
  static let operation = "Softmax"
  static let isLogarithmic = false
}

/// LogSoftmax: `x - log Σ exp(x)` along an axis; likewise.
enum LogSoftmaxNode: ProbabilityNode {
  static let operation = "LogSoftmax"
  static let isLogarithmic = true
}

extension ProbabilityNode {
  /// The axis.
  static var attributes: Set<String> { ["axis"] }

  /// Counted anew.
  static var axisUse: AxisUse { .named }

  /// The axes over which the sum is 1, as one, counted from the outermost.
  static func axes(_ node: GraphNode, rank: Int) throws(GradCAMError) -> Range<Int> {
    let axis = try node.integer("axis", default: node.version < 13 ? 1 : -1)
    guard (-rank..<rank).contains(axis) else {
      throw node.wrong("axis", .integer(axis), "one of \(rank) axes")
    }
    let place = axis < 0 ? axis + rank : axis
    return place..<(node.version < 13 ? rank : place + 1)
  }

  /// The input's.
  static func outputShapes(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [Shape] {
    let shape = try inputs.shape(0, of: node)
    _ = try axes(node, rank: shape.rank)
    return [shape]
  }

  /// Several axes must lie innermost, in whichever order.
  static func renamed(
    _ node: GraphNode, _ order: AxisOrder, _ inputs: NodeInputs
  ) throws(GradCAMError) -> (node: GraphNode, outputs: AxisOrder) {
    let axes = try axes(node, rank: order.rank)
    var renamed = node
    if axes.count == 1 {
      renamed.version = GraphNode.standardVersion
      renamed.attributes["axis"] = .integer(order.place(of: axes.lowerBound))
      return (renamed, order)
    }
    let places = axes.map { order.place(of: $0) }.sorted()
    guard places == Array(order.rank - axes.count..<order.rank) else {
      throw node.error(
        "takes axes \(axes.lowerBound) to \(axes.upperBound - 1) as one, which do not lie "
          + "innermost; expected one axis")
    }
    renamed.attributes["axis"] = .integer(order.rank - axes.count)
    return (renamed, order)
  }

  /// The operator.
  static func lower(
    _ node: GraphNode, _ inputs: NodeInputs, to network: inout GraphLowering
  ) throws(GradCAMError) {
    let axes = try axes(node, rank: inputs.shape(0, of: node).rank)
    try network.add(for: node, inputs, movesFirst: axes.lowerBound == 0) { shift in
      Softmax(
        axes: axes.lowerBound + shift..<axes.upperBound + shift, isLogarithmic: isLogarithmic)
    }
  }
}
