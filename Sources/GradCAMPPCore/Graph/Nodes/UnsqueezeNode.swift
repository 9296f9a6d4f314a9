import GradCAMPPKernels

/// Unsqueeze: the tensor with more axes, of extent 1, named by an attribute before version 13 and by
/// an input from then on.
enum UnsqueezeNode: NodeKind {
  static let operation = "Unsqueeze"
  static let attributes: Set<String> = ["axes"]
  static let axisUse = AxisUse.named

  /// The new axes, as the output counts them.
  private static func axes(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [Int] {
    let rank = try inputs.shape(0, of: node).rank
    let stated = try node.integers("axes")
    let count = try (inputs.integers(1, of: node) ?? stated ?? []).count
    guard count > 0, count <= 8, let axes = try node.axes(1, inputs, rank: rank + count) else {
      throw node.error("adds \(count) axes; expected 1 to 8")
    }
    return axes
  }

  static func outputShapes(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [Shape] {
    var extents = try inputs.shape(0, of: node).extents
    for axis in try axes(node, inputs) { extents.insert(1, at: axis) }
    return [Shape(extents)]
  }

  static func folded(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [GraphConstant]? {
    guard let constant = inputs.constants[0] else { return nil }
    return [try constant.reshaped(outputShapes(node, inputs)[0])]
  }

  static func renamed(
    _ node: GraphNode, _ order: AxisOrder, _ inputs: NodeInputs
  ) throws(GradCAMError) -> (node: GraphNode, outputs: AxisOrder) {
    let axes = try axes(node, inputs)
    let rank = order.rank + axes.count
    let kept = (0..<rank).filter { !axes.contains($0) }
    // What is there lies as it did; axes of extent 1 lie where they are wanted, by the node's layout
    // where several places would do.
    let lying = order.axes.map { kept[$0] }
    let orders = [AxisOrder.channelsLast(rank), .plain(rank)]
    let wanted = (node.layout == .channelsFirst ? orders : orders.reversed()).first {
      $0.axes.filter { !axes.contains($0) } == lying
    }
    let outputs = wanted ?? AxisOrder(lying + axes)
    var renamed = node
    renamed.inputs = [node.inputs[0]]
    renamed.attributes["axes"] = .integers(axes.map { outputs.place(of: $0) }.sorted())
    return (renamed, outputs)
  }

  static func lower(
    _ node: GraphNode, _ inputs: NodeInputs, to network: inout GraphLowering
  ) throws(GradCAMError) {
    try network.reshape(node, to: outputShapes(node, inputs)[0])
  }
}
