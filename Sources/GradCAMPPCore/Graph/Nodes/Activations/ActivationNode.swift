import GradCAMPPKernels

/// A node that applies a function to each number.
protocol ActivationNode: NodeKind {
  /// The function, by what the node says; nil for one that changes nothing.
  static func activation(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> (any Activation)?
}

extension ActivationNode {
  /// Element by element.
  static var axisUse: AxisUse { .elementwise }

  /// The first input's.
  static func outputShapes(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [Shape] {
    _ = try activation(node, inputs)
    return [try inputs.shape(0, of: node)]
  }

  /// The activation.
  static func lower(
    _ node: GraphNode, _ inputs: NodeInputs, to network: inout GraphLowering
  ) throws(GradCAMError) {
    guard let activation = try activation(node, inputs) else { return try network.pass(node) }
    try network.add(activation, for: node)
  }
}

extension GraphNode {
  /// A finite number as float32.
  func float(_ attribute: String, default value: Double) throws(GradCAMError) -> Float {
    let found = try number(attribute, default: value)
    guard Float(found).isFinite else { throw wrong(attribute, .number(found), "a finite number") }
    return Float(found)
  }
}
