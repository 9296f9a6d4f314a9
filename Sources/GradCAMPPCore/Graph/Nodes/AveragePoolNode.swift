import GradCAMPPKernels

/// AveragePool: the mean of each window, over its cells in the input or, with `count_include_pad`,
/// in the padded input.
///
/// What a last window of `ceil_mode` has behind the padding never counts, as in PyTorch.
enum AveragePoolNode: NodeKind {
  static let operation = "AveragePool"
  static let attributes: Set<String> = [
    "auto_pad", "ceil_mode", "count_include_pad", "dilations", "kernel_shape", "pads", "strides",
  ]
  static let axisUse = AxisUse.spatial

  private static func windows(
    _ node: GraphNode, _ shape: Shape
  ) throws(GradCAMError) -> NodeWindows {
    let spatial = try NodeWindows.spatial(node, shape)
    let kernel = try node.integers("kernel_shape", count: spatial.count, default: 0, atLeast: 1)
    let windows = try NodeWindows(node, kernel: kernel, spatial: spatial)
    // A window wholly in the padding has no mean.
    guard windows.allSeeInput else {
      throw node.wrong(
        "pads", .integers(windows.before + windows.behind), "less than the kernel \(kernel)")
    }
    _ = try node.flag("count_include_pad", default: false)
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
    let countsPadding = try node.flag("count_include_pad", default: false)
    try network.add(
      AveragePooling(
        kernel: windows.kernel, stride: windows.strides, dilation: windows.dilations,
        padding: windows.padding,
        counting: countsPadding
          ? .padding(before: windows.before, behind: windows.padded) : .input),
      for: node)
  }
}
