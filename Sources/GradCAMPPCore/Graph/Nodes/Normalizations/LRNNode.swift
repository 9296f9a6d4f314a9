import GradCAMPPKernels

/// LRN: local response normalisation over `size` neighbouring channels.
enum LRNNode: NodeKind {
  static let operation = "LRN"
  static let attributes: Set<String> = ["alpha", "beta", "bias", "size"]
  static let axisUse = AxisUse.spatial

  private static func normalization(
    _ node: GraphNode
  ) throws(GradCAMError) -> ResponseNormalization {
    let size = try node.integer("size", default: 0)
    guard (1...1 << 12).contains(size) else {
      throw node.wrong("size", .integer(size), "a number from 1 to 2^12")
    }
    let alpha = try node.float("alpha", default: 1e-4)
    let bias = try node.float("bias", default: 1)
    guard alpha >= 0, bias > 0 else {
      throw node.error("has alpha \(alpha) and bias \(bias); expected 0 or more, and more than 0")
    }
    return ResponseNormalization(
      size: size, alpha: alpha, beta: try node.float("beta", default: 0.75), bias: bias)
  }

  static func outputShapes(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [Shape] {
    _ = try normalization(node)
    let shape = try inputs.shape(0, of: node)
    _ = try NodeWindows.spatial(node, shape)
    return [shape]
  }

  static func lower(
    _ node: GraphNode, _ inputs: NodeInputs, to network: inout GraphLowering
  ) throws(GradCAMError) {
    try network.add(normalization(node), for: node)
  }
}
