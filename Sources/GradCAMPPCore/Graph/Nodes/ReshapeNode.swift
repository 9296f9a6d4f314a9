import GradCAMPPKernels

/// Reshape: other extents of as many elements; 0 keeps an extent, unless `allowzero` says that it
/// means none, and one -1 takes what is left.
enum ReshapeNode: NodeKind {
  static let operation = "Reshape"
  static let attributes: Set<String> = ["allowzero", "shape"]
  static let axisUse = AxisUse.memory

  static func outputShapes(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [Shape] {
    let shape = try inputs.shape(0, of: node)
    let keepsExtents = try !node.flag("allowzero", default: false)
    let stated = try node.integers("shape")
    let wanted = try inputs.integers(1, of: node) ?? stated ?? []
    var extents: [Int] = []
    for (axis, extent) in wanted.enumerated() {
      guard extent >= -1, extent != 0 || (keepsExtents && axis < shape.rank) else {
        throw node.error("wants extents \(wanted) of a tensor of shape \(shape)")
      }
      extents.append(extent == 0 ? shape[axis] : extent)
    }
    let known = Shape(checking: extents.filter { $0 >= 0 }, elementSize: 4)?.count ?? 0
    if let open = extents.firstIndex(of: -1), known > 0, shape.count % known == 0 {
      extents[open] = shape.count / known
    }
    guard !extents.contains(-1), try node.shape(extents).count == shape.count else {
      throw node.error(
        "wants extents \(wanted) of a tensor of shape \(shape); expected as many elements")
    }
    return [Shape(extents)]
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
