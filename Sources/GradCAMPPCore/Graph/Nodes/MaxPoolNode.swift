import GradCAMPPKernels

/// MaxPool: the largest value of each window.
enum MaxPoolNode: NodeKind {
  static let operation = "MaxPool"
  static let attributes: Set<String> = [
    "auto_pad", "ceil_mode", "dilations", "kernel_shape", "pads", "storage_order", "strides",
  ]
  static let axisUse = AxisUse.spatial

  private static func windows(
    _ node: GraphNode, _ shape: Shape
  ) throws(GradCAMError) -> NodeWindows {
    guard node.outputs.count == 1 else {
      throw node.error("writes indices as well, which are not served")
    }
    try node.require("storage_order", 0)
    let spatial = try NodeWindows.spatial(node, shape)
    let kernel = try node.integers("kernel_shape", count: spatial.count, default: 0, atLeast: 1)
    let windows = try NodeWindows(node, kernel: kernel, spatial: spatial)
    // A window wholly in the padding has no largest value.
    guard windows.allSeeInput else {
      throw node.wrong(
        "pads", .integers(windows.before + windows.behind), "less than the kernel \(kernel)")
    }
    return windows
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
      MaxPooling(
        kernel: windows.kernel, stride: windows.strides, dilation: windows.dilations,
        padding: windows.padding), for: node)
  }
}
