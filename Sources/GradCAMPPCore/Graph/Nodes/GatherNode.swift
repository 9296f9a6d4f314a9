import GradCAMPPKernels

/// Gather: places of an axis by constant numbers, whose axes stand in its place.
enum GatherNode: NodeKind {
  static let operation = "Gather"
  static let attributes: Set<String> = ["axis"]
  static let axisUse = AxisUse.named

  /// The axis, and the places as they are counted from the first.
  private static func places(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> (axis: Int, indices: [Int], shape: Shape) {
    let shape = try inputs.shape(0, of: node)
    let axis = try node.axis("axis", default: 0, rank: shape.rank)
    let constant = try inputs.constant(1, of: node)
    guard let indices = constant.integers, !indices.isEmpty,
      indices.allSatisfy((-shape[axis]..<shape[axis]).contains)
    else {
      throw node.error(
        "takes places of axis \(axis) that a tensor of shape \(shape) has not, or none; expected "
          + "whole numbers from \(-shape[axis]) to \(shape[axis] - 1)")
    }
    return (axis, indices.map { $0 < 0 ? $0 + shape[axis] : $0 }, constant.shape)
  }

  static func outputShapes(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [Shape] {
    let (axis, _, chosen) = try places(node, inputs)
    var extents = try inputs.shape(0, of: node).extents
    extents.replaceSubrange(axis...axis, with: chosen.extents)
    return [try node.shape(extents)]
  }

  static func renamed(
    _ node: GraphNode, _ order: AxisOrder, _ inputs: NodeInputs
  ) throws(GradCAMError) -> (node: GraphNode, outputs: AxisOrder) {
    let (axis, _, chosen) = try places(node, inputs)
    var renamed = node
    renamed.attributes["axis"] = .integer(order.place(of: axis))
    let axes = order.axes.flatMap { other -> [Int] in
      if other == axis { return Array(axis..<axis + chosen.rank) }
      return [other < axis ? other : other + chosen.rank - 1]
    }
    return (renamed, AxisOrder(axes))
  }

  static func lower(
    _ node: GraphNode, _ inputs: NodeInputs, to network: inout GraphLowering
  ) throws(GradCAMError) {
    let (axis, indices, _) = try places(node, inputs)
    let output = try outputShapes(node, inputs)[0]
    let shape = try inputs.shape(0, of: node)
    // All places in their order, as exporters write a change of strides.
    guard indices != Array(0..<shape[axis]) else { return try network.reshape(node, to: output) }
    let isDirect = axis > 0 && shape[0] == 1
    let place = isDirect ? axis : axis + 1
    let value =
      isDirect
      ? try network.value(0, of: node) : try network.lifted(0, of: node, inputs)
    let operation = operation(network.shape(of: value), place, indices)
    let gathered = try network.add(operation, [value], of: node)[0]
    network.bind(node.outputs[0], to: try network.viewed(gathered, output.item))
  }

  /// A slice where the places are at equal distances.
  private static func operation(_ shape: Shape, _ axis: Int, _ indices: [Int]) -> any Operator {
    let step = indices.count > 1 ? indices[1] - indices[0] : 1
    let isEven = step != 0 && zip(indices, indices.dropFirst()).allSatisfy { $1 - $0 == step }
    guard isEven else { return Gathering(axis: axis, indices: indices) }
    return Slicing(
      (1..<shape.rank).map {
        $0 == axis
          ? .init(start: indices[0], count: indices.count, step: step)
          : .init(start: 0, count: shape[$0])
      })
  }
}
