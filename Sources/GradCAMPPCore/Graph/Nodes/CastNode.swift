import GradCAMPPKernels

/// Cast: the same numbers as another type.
///
/// Networks compute in float32 whatever a file says, so that casts to float32 and to double change
/// nothing; narrower types would round, and are refused.
enum CastNode: NodeKind {
  static let operation = "Cast"
  static let attributes: Set<String> = ["round_mode", "saturate", "to"]
  static let axisUse = AxisUse.elementwise

  /// ONNX's numbers of the types that hold every float32.
  private static let floats: Set<Int> = [1, 11]

  static func outputShapes(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [Shape] {
    let shape = try inputs.shape(0, of: node)
    let type = try node.integer("to", default: 0)
    guard floats.contains(type) else {
      throw node.wrong("to", .integer(type), "1 or 11, floating point of 32 or 64 bits")
    }
    return [shape]
  }

  static func lower(
    _ node: GraphNode, _ inputs: NodeInputs, to network: inout GraphLowering
  ) throws(GradCAMError) {
    try network.pass(node)
  }
}
