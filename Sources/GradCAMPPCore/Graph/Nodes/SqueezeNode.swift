import GradCAMPPKernels

/// Squeeze: the tensor without axes of extent 1, named by an attribute before version 13 and by an
/// input from then on; without all of them where nothing is said.
enum SqueezeNode: NodeKind {
  static let operation = "Squeeze"
  static let attributes: Set<String> = ["axes"]
  static let axisUse = AxisUse.named

  private static func axes(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [Int] {
    let shape = try inputs.shape(0, of: node)
    let units = shape.extents.indices.filter { shape[$0] == 1 }
    let axes = try node.axes(1, inputs, rank: shape.rank) ?? units
    guard axes.allSatisfy({ shape[$0] == 1 }) else {
      throw node.error("takes axes \(axes) from a tensor of shape \(shape); expected extents of 1")
    }
    return axes
  }

  static func outputShapes(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [Shape] {
    let shape = try inputs.shape(0, of: node)
    let axes = try axes(node, inputs)
    return [Shape(shape.extents.indices.filter { !axes.contains($0) }.map { shape[$0] })]
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
    var renamed = node
    renamed.inputs = [node.inputs[0]]
    renamed.attributes["axes"] = .integers(axes.map { order.place(of: $0) }.sorted())
    let left = order.axes.filter { !axes.contains($0) }
    return (renamed, AxisOrder(left.map { axis in left.count { $0 < axis } }))
  }

  static func lower(
    _ node: GraphNode, _ inputs: NodeInputs, to network: inout GraphLowering
  ) throws(GradCAMError) {
    try network.reshape(node, to: outputShapes(node, inputs)[0])
  }
}
