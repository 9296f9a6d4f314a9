import GradCAMPPKernels

/// ArgMax: the place of the largest number along an axis.
///
/// As the last node it is taken off, see `DropOutputActivation`; elsewhere it has no gradient and no
/// operator.
enum ArgMaxNode: NodeKind {
  static let operation = "ArgMax"
  static let attributes: Set<String> = ["axis", "keepdims", "select_last_index"]
  static let axisUse = AxisUse.memory

  static func outputShapes(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [Shape] {
    let shape = try inputs.shape(0, of: node)
    let axis = try node.axis("axis", default: 0, rank: shape.rank)
    var extents = shape.extents
    if try node.flag("keepdims", default: true) {
      extents[axis] = 1
    } else {
      extents.remove(at: axis)
    }
    return [Shape(extents)]
  }
}
