import GradCAMPPKernels

/// Conv: a convolution with weights (outputs, inputs / groups, taps…) and, if there are any, biases.
enum ConvNode: NodeKind {
  static let operation = "Conv"
  static let attributes: Set<String> = [
    "auto_pad", "dilations", "group", "kernel_shape", "pads", "strides",
  ]
  static let axisUse = AxisUse.spatial

  static func outputShapes(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [Shape] {
    let shape = try inputs.shape(0, of: node)
    let weights = try inputs.shape(1, of: node)
    let groups = try node.integer("group", default: 1)
    let spatial = try NodeWindows.spatial(node, shape)
    let channels = NodeWindows.channels(node, shape)
    let kernel = Array(weights.extents.dropFirst(2))
    let stated = try node.integers("kernel_shape")
    guard kernel.count == spatial.count, stated == nil || stated == kernel else {
      throw node.error(
        "has weights of shape \(weights) for \(spatial.count) spatial axes"
          + (stated.map { " and kernel_shape \($0)" } ?? "") + "; expected outputs x inputs x taps")
    }
    guard groups >= 1, weights.count > 0, channels % groups == 0, weights[0] % groups == 0,
      weights[1] == channels / groups
    else {
      throw node.error(
        "has weights of shape \(weights) for \(channels) channels in \(groups) groups; expected "
          + "outputs x \(groups > 0 ? channels / groups : channels) x taps")
    }
    if node.input(2) != nil {
      let biases = try inputs.shape(2, of: node)
      guard biases.rank == 1, biases.count == weights[0] else {
        throw node.error("has biases of shape \(biases); expected one for each of \(weights[0])")
      }
    }
    let windows = try NodeWindows(node, kernel: kernel, spatial: spatial)
    return [
      try NodeWindows.shape(
        node, batch: shape[0], channels: weights[0], spatial: windows.output)
    ]
  }

  static func lower(
    _ node: GraphNode, _ inputs: NodeInputs, to network: inout GraphLowering
  ) throws(GradCAMError) {
    let shape = try inputs.shape(0, of: node)
    let constant = try inputs.constant(1, of: node)
    let filter = try constant.arranged(in: .filter(constant.shape.rank))
    let biases = try network.biases(2, of: node, inputs, count: constant.shape[0])
    let windows = try NodeWindows(
      node, kernel: Array(constant.shape.extents.dropFirst(2)),
      spatial: try NodeWindows.spatial(node, shape))
    try network.add(
      Convolution(
        layer: node.name, weights: filter, biases: try biases.floats(), stride: windows.strides,
        dilation: windows.dilations, groups: try node.integer("group", default: 1),
        padding: windows.padding), for: node)
    network.keep(
      weights: filter, biases: biases,
      as: GraphConstant(filter, order: .filter(filter.shape.rank)), of: node)
  }
}
