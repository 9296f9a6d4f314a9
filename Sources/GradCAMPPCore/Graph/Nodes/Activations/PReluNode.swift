import GradCAMPPKernels

/// PRelu: `x` above 0, `slope x` below, with a slope for each channel or one for all.
enum PReluNode: ActivationNode {
  static let operation = "PRelu"

  static func activation(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> (any Activation)? {
    let slopes = try inputs.constant(1, of: node)
    let values = try slopes.floats()
    guard slopes.shape.extents.count(where: { $0 != 1 }) <= 1 else {
      throw node.error("has slopes of shape \(slopes.shape); expected one for each channel")
    }
    guard values.allSatisfy(\.isFinite) else {
      throw node.error("has slopes that hold NaN or infinity; finite numbers are expected")
    }
    guard values.count == 1 else { return PReLU(slopes: values) }
    return ElementActivation(.leakyRectifier(slope: values[0]))
  }

  static func lower(
    _ node: GraphNode, _ inputs: NodeInputs, to network: inout GraphLowering
  ) throws(GradCAMError) {
    guard let activation = try activation(node, inputs) else { return }
    // Channels are innermost by now.
    let shape = try inputs.shape(1, of: node)
    guard shape.channels == shape.count else {
      throw node.error("has slopes of shape \(shape) along other axes than the channels")
    }
    try network.add(activation, for: node)
  }
}
