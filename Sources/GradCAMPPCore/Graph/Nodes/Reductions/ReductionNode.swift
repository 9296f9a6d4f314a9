import GradCAMPPKernels

/// A node that makes one number of those along axes, named by an attribute in older versions and by
/// an input from then on; along all of them where nothing is said.
protocol ReductionNode: NodeKind {
  /// What they become.
  static var function: ReductionFunction { get }
}

extension ReductionNode {
  /// Axes, and whether they stay.
  static var attributes: Set<String> { ["axes", "keepdims", "noop_with_empty_axes"] }

  /// Counted anew.
  static var axisUse: AxisUse { .named }

  /// The axes that become one, from the outermost on; none where the node changes nothing.
  static func axes(_ node: GraphNode, _ inputs: NodeInputs) throws(GradCAMError) -> [Int] {
    let rank = try inputs.shape(0, of: node).rank
    if let axes = try node.axes(1, inputs, rank: rank), !axes.isEmpty { return axes }
    return try node.flag("noop_with_empty_axes", default: false) ? [] : Array(0..<rank)
  }

  /// Whether the axes stay with an extent of 1.
  static func keepsAxes(_ node: GraphNode) throws(GradCAMError) -> Bool {
    try node.flag("keepdims", default: true)
  }

  /// Without the axes, or with extents of 1.
  static func outputShapes(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [Shape] {
    let shape = try inputs.shape(0, of: node)
    let axes = try axes(node, inputs)
    let isKept = try keepsAxes(node)
    return [
      Shape(
        shape.extents.enumerated().compactMap { axis, extent in
          axes.contains(axis) ? (isKept ? 1 : nil) : extent
        })
    ]
  }

  /// Axes as they lie; what is left lies as it did.
  static func renamed(
    _ node: GraphNode, _ order: AxisOrder, _ inputs: NodeInputs
  ) throws(GradCAMError) -> (node: GraphNode, outputs: AxisOrder) {
    let axes = try axes(node, inputs)
    var renamed = node
    renamed.inputs = [node.inputs[0]]
    renamed.attributes["axes"] = .integers(axes.map { order.place(of: $0) }.sorted())
    renamed.attributes["noop_with_empty_axes"] = .integer(1)
    guard try !keepsAxes(node) else { return (renamed, order) }
    let left = order.axes.filter { !axes.contains($0) }
    return (renamed, AxisOrder(left.map { axis in left.count { $0 < axis } }))
  }

  /// One operator for each stretch of axes next to each other.
  static func lower(
    _ node: GraphNode, _ inputs: NodeInputs, to network: inout GraphLowering
  ) throws(GradCAMError) {
    let shape = try inputs.shape(0, of: node)
    // Axes of one place are no work for functions that leave one number as it is.
    let leavesOne = function != .absoluteSum && function != .euclideanNorm
    let axes = try axes(node, inputs).filter { !leavesOne || shape[$0] != 1 }
    let output = try outputShapes(node, inputs)[0]
    guard !axes.isEmpty else { return try network.reshape(node, to: output) }
    let isDirect = shape[0] == 1 && axes[0] != 0
    var value =
      isDirect
      ? try network.value(0, of: node) : try network.lifted(0, of: node, inputs)
    for axis in stretches(axes.map { isDirect ? $0 : $0 + 1 }) {
      value = try network.add(Reduction(function, axes: axis), [value], of: node)[0]
    }
    network.bind(node.outputs[0], to: try network.viewed(value, output.item))
  }

  /// Axes next to each other as one range.
  private static func stretches(_ axes: [Int]) -> [Range<Int>] {
    axes.reduce(into: []) { ranges, axis in
      if let last = ranges.last, last.upperBound == axis {
        ranges[ranges.count - 1] = last.lowerBound..<axis + 1
      } else {
        ranges.append(axis..<axis + 1)
      }
    }
  }
}
