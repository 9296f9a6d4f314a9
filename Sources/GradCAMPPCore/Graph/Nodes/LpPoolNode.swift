import GradCAMPPKernels

/// LpPool: the norm of each window, `(Σ |x|^p)^(1/p)`.
enum LpPoolNode: NodeKind {
  static let operation = "LpPool"
  static let attributes: Set<String> = [
    "auto_pad", "ceil_mode", "dilations", "kernel_shape", "p", "pads", "strides",
  ]
  static let axisUse = AxisUse.spatial

  /// The power.
  static func power(_ node: GraphNode) throws(GradCAMError) -> Int {
    let power = try node.integer("p", default: 2)
    guard (1...64).contains(power) else {
      throw node.wrong("p", .integer(power), "a number from 1 to 64")
    }
    return power
  }

  private static func windows(
    _ node: GraphNode, _ shape: Shape
  ) throws(GradCAMError) -> NodeWindows {
    _ = try power(node)
    let spatial = try NodeWindows.spatial(node, shape)
    let kernel = try node.integers("kernel_shape", count: spatial.count, default: 0, atLeast: 1)
    return try NodeWindows(node, kernel: kernel, spatial: spatial)
  }

  static func outputShapes(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [Shape] {
    let shape = try inputs.shape(0, of: node)
    return [
      try NodeWindows.shape(
        node, batch: shape[0], channels: NodeWindows.channels(node, shape),
        spatial: windows(node, shape).output)
    ]
  }

  static func lower(
    _ node: GraphNode, _ inputs: NodeInputs, to network: inout GraphLowering
  ) throws(GradCAMError) {
    let windows = try windows(node, inputs.shape(0, of: node))
    try network.add(
      PowerPooling(
        power: power(node), kernel: windows.kernel, stride: windows.strides,
        dilation: windows.dilations, padding: windows.padding), for: node)
  }
}
