import GradCAMPPKernels

/// Upsample: what Resize was called before version 10, for scales of 1 and more, which are an
/// attribute before version 9 and an input from then on.
enum UpsampleNode: NodeKind {
  static let operation = "Upsample"
  static let attributes: Set<String> = ["mode", "roi", "scales", "sizes"]
  static let axisUse = AxisUse.named

  static func outputShapes(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [Shape] {
    let mode = try node.text("mode", default: "nearest")
    guard ["nearest", "linear"].contains(mode) else {
      throw node.wrong("mode", .text(mode), "nearest or linear")
    }
    let axes = try NodeResizing(node, inputs).axes
    guard axes.allSatisfy({ $0.scale >= 1 }) else {
      throw node.wrong("scales", .numbers(axes.map(\.scale)), "1 or more for each axis")
    }
    return [try node.shape(axes.map(\.output))]
  }

  static func renamed(
    _ node: GraphNode, _ order: AxisOrder, _ inputs: NodeInputs
  ) throws(GradCAMError) -> (node: GraphNode, outputs: AxisOrder) {
    (try NodeResizing(node, inputs).renamed(node, order), order)
  }

  static func lower(
    _ node: GraphNode, _ inputs: NodeInputs, to network: inout GraphLowering
  ) throws(GradCAMError) {
    try NodeResizing(node, inputs).lower(node, fill: 0, to: &network) {
      axis throws(GradCAMError) in try ResizeNode.interpolation(node, axis)
    }
  }
}
