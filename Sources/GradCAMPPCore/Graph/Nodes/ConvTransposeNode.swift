import GradCAMPPKernels

/// ConvTranspose: the transpose of a convolution, with weights (inputs, outputs / groups, taps…) and,
/// if there are any, biases.
enum ConvTransposeNode: NodeKind {
  static let operation = "ConvTranspose"
  static let attributes: Set<String> = [
    "auto_pad", "dilations", "group", "kernel_shape", "output_padding", "output_shape", "pads",
    "strides",
  ]
  static let axisUse = AxisUse.spatial

  /// What is cut off, and what is left.
  private struct Windows {
    let strides: [Int]
    let dilations: [Int]
    let before: [Int]
    let behind: [Int]
    let output: [Int]

    /// Extents are ONNX's: `stride (cells - 1) + size + output_padding - pads`, or those that the
    /// node names, whose pads follow.
    init(_ node: GraphNode, kernel: [Int], spatial: [Int]) throws(GradCAMError) {
      let rank = spatial.count
      strides = try node.integers("strides", count: rank, default: 1, atLeast: 1)
      dilations = try node.integers("dilations", count: rank, default: 1, atLeast: 1)
      let pads = try node.integers("pads", count: 2 * rank, default: 0, atLeast: 0)
      let extra = try node.integers("output_padding", count: rank, default: 0, atLeast: 0)
      let rule = try node.text("auto_pad", default: "NOTSET")
      guard ["NOTSET", "", "VALID", "SAME_UPPER", "SAME_LOWER"].contains(rule) else {
        throw node.wrong("auto_pad", .text(rule), "NOTSET, VALID, SAME_UPPER or SAME_LOWER")
      }
      var wanted: [Int]?
      if node.attributes["output_shape"] != nil {
        wanted = try node.integers("output_shape", count: rank, default: 0, atLeast: 1)
      } else if rule.hasPrefix("SAME") {
        wanted = zip(spatial, strides).map { $0 &* $1 }
      }
      var (before, behind, output) = (Array(pads.prefix(rank)), [Int](), [Int]())
      for axis in 0..<rank {
        let size = (kernel[axis] - 1) * dilations[axis] + 1
        let (cells, overflow) = (spatial[axis] - 1).multipliedReportingOverflow(by: strides[axis])
        guard spatial[axis] >= 1, !overflow, cells <= 1 << 48, size <= 1 << 48 else {
          throw node.error("takes \(spatial) cells with strides \(strides), which fits no memory")
        }
        let whole = cells + size + extra[axis]
        if let wanted {
          let total = max(0, whole - wanted[axis])
          // The odd cell is cut off behind with SAME_UPPER.
          before[axis] = rule == "SAME_UPPER" ? total / 2 : total - total / 2
          output.append(wanted[axis])
        } else {
          if rule == "VALID" { before[axis] = 0 }
          output.append(whole - before[axis] - (rule == "VALID" ? 0 : pads[rank + axis]))
        }
        behind.append(cells + size - before[axis] - output[axis])
        guard output[axis] >= 1 else {
          throw node.error("leaves \(output) cells of \(spatial); expected one at least")
        }
      }
      self.before = before
      self.behind = behind
      self.output = output
    }
  }

  private static func windows(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> Windows {
    let weights = try inputs.shape(1, of: node)
    return try Windows(
      node, kernel: Array(weights.extents.dropFirst(2)),
      spatial: NodeWindows.spatial(node, inputs.shape(0, of: node)))
  }

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
    guard kernel.count == spatial.count, weights.count > 0, stated == nil || stated == kernel,
      weights[0] == channels, groups >= 1, channels % groups == 0
    else {
      throw node.error(
        "has weights of shape \(weights) for \(channels) channels in \(groups) groups over "
          + "\(spatial.count) spatial axes; expected inputs x outputs x taps")
    }
    let outputs = weights[1] &* groups
    guard outputs / groups == weights[1], outputs <= 1 << 24 else {
      throw node.error("has \(weights[1]) outputs in each of \(groups) groups")
    }
    if node.input(2) != nil {
      let biases = try inputs.shape(2, of: node)
      guard biases.rank == 1, biases.count == outputs else {
        throw node.error("has biases of shape \(biases); expected one for each of \(outputs)")
      }
    }
    return [
      try NodeWindows.shape(
        node, batch: shape[0], channels: outputs, spatial: windows(node, inputs).output)
    ]
  }

  static func lower(
    _ node: GraphNode, _ inputs: NodeInputs, to network: inout GraphLowering
  ) throws(GradCAMError) {
    let constant = try inputs.constant(1, of: node)
    let groups = try node.integer("group", default: 1)
    // The other convolution's outputs are this one's inputs.
    let filter = try constant.array(in: .filter(constant.shape.rank))
    let biases = try network.biases(2, of: node, inputs, count: constant.shape[1] * groups)
    let windows = try windows(node, inputs)
    try network.add(
      TransposedConvolution(
        layer: node.name, weights: filter, biases: try biases.floats(),
        stride: windows.strides, dilation: windows.dilations, groups: groups,
        before: windows.before, behind: windows.behind), for: node)
    network.keep(
      weights: filter, biases: biases,
      as: GraphConstant(filter, order: .filter(filter.shape.rank)), of: node)
  }
}
