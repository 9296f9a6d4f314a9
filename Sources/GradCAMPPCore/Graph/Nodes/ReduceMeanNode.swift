import GradCAMPPKernels

/// ReduceMean: the mean over axes, named by an attribute before version 18 and by an input from then
/// on.
///
/// Over all spatial axes it is a GlobalAveragePool, which `RecognizeGlobalAverage` makes of it; over
/// others no operator computes it.
enum ReduceMeanNode: NodeKind {
  static let operation = "ReduceMean"
  static let attributes: Set<String> = ["axes", "keepdims", "noop_with_empty_axes"]
  static let axisUse = AxisUse.memory

  /// The axes that go; throws `badData` naming the node when it does not say which.
  static func axes(_ node: GraphNode, _ inputs: NodeInputs) throws(GradCAMError) -> [Int] {
    let shape = try inputs.shape(0, of: node)
    guard let axes = try node.axes(1, inputs, rank: shape.rank), !axes.isEmpty else {
      throw node.error("does not say over which axes; expected axes, since the batch must stay")
    }
    return axes
  }

  /// Whether the axes stay with an extent of 1.
  static func keepsAxes(_ node: GraphNode) throws(GradCAMError) -> Bool {
    let kept = try node.integer("keepdims", default: 1)
    guard (0...1).contains(kept) else {
      throw node.wrong("keepdims", .integer(kept), "0 or 1")
    }
    return kept == 1
  }

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
}
