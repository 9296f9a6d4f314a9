import GradCAMPPKernels

/// The windows of a convolution or pooling node over an input: what its attributes say, resolved.
struct NodeWindows {
  /// Taps along each spatial axis.
  let kernel: [Int]
  /// Cells from one window to the next.
  let strides: [Int]
  /// Cells from one tap to the next.
  let dilations: [Int]
  /// Cells before the input.
  let before: [Int]
  /// Cells behind the input, with those that a last, partial window adds.
  let behind: [Int]
  /// Cells behind the input without those.
  let padded: [Int]
  /// Windows along each axis.
  let output: [Int]

  private let spatial: [Int]

  /// The windows of `node`, of `kernel` taps, over `spatial` cells.
  ///
  /// Output extents are ONNX's: `floor((cells + pads - size) / stride) + 1`, rounded up with
  /// `ceil_mode`, where a window that would begin behind input and front padding does not count.
  init(_ node: GraphNode, kernel: [Int], spatial: [Int]) throws(GradCAMError) {
    let rank = spatial.count
    guard (1...3).contains(rank), kernel.count == rank, kernel.allSatisfy({ $0 >= 1 }) else {
      throw node.error(
        "has windows of \(kernel) over \(rank) spatial axes; expected 1 to 3 axes of each")
    }
    strides = try node.integers("strides", count: rank, default: 1, atLeast: 1)
    dilations = try node.integers("dilations", count: rank, default: 1, atLeast: 1)
    let pads = try node.integers("pads", count: 2 * rank, default: 0, atLeast: 0)
    let sizes = zip(kernel, dilations).map { ($0 - 1) * $1 + 1 }
    var before = Array(pads.prefix(rank))
    var behind = Array(pads.suffix(rank))
    let rule = try node.text("auto_pad", default: "NOTSET")
    switch rule {
    case "NOTSET", "": break
    case "VALID": (before, behind) = (kernel.map { _ in 0 }, kernel.map { _ in 0 })
    case "SAME_UPPER", "SAME_LOWER":
      for axis in 0..<rank {
        let cells = (spatial[axis] + strides[axis] - 1) / strides[axis]
        let total = max((cells - 1) * strides[axis] + sizes[axis] - spatial[axis], 0)
        // The odd cell lies behind with SAME_UPPER.
        before[axis] = rule == "SAME_UPPER" ? total / 2 : total - total / 2
        behind[axis] = total - before[axis]
      }
    default:
      throw node.wrong(
        "auto_pad", .text(rule), "NOTSET, VALID, SAME_UPPER or SAME_LOWER")
    }
    padded = behind
    let roundsUp = try node.flag("ceil_mode", default: false)
    var output: [Int] = []
    for axis in 0..<rank {
      let room = spatial[axis] + before[axis] + behind[axis] - sizes[axis]
      guard spatial[axis] >= 1, room >= 0 else {
        throw node.error(
          "has windows of \(sizes) cells for an input of \(spatial) cells with padding \(before) "
            + "and \(behind); expected windows that fit")
      }
      var cells = room / strides[axis] + 1
      if roundsUp, room % strides[axis] != 0,
        cells * strides[axis] < spatial[axis] + before[axis]
      {
        cells += 1
        behind[axis] += strides[axis] - room % strides[axis]
      }
      output.append(cells)
    }
    self.kernel = kernel
    self.before = before
    self.behind = behind
    self.output = output
    self.spatial = spatial
  }

  /// The padding as operators take it: SAME where the windows are those of SAME.
  var padding: WindowGeometry.Padding {
    for axis in spatial.indices {
      let size = (kernel[axis] - 1) * dilations[axis] + 1
      let cells = (spatial[axis] + strides[axis] - 1) / strides[axis]
      let total = max((cells - 1) * strides[axis] + size - spatial[axis], 0)
      guard output[axis] == cells, before[axis] == total / 2 else {
        return .explicit(before: before, behind: behind)
      }
    }
    return .same
  }

  /// Whether each window covers a cell of the input.
  var allSeeInput: Bool {
    spatial.indices.allSatisfy { axis in
      before[axis] < (kernel[axis] - 1) * dilations[axis] + 1
        && (output[axis] - 1) * strides[axis] - before[axis] < spatial[axis]
    }
  }

  /// Spatial extents of a tensor in a node's layout; throws `badData` for other ranks.
  static func spatial(_ node: GraphNode, _ shape: Shape) throws(GradCAMError) -> [Int] {
    guard (3...5).contains(shape.rank) else {
      throw node.error(
        "takes a tensor of shape \(shape); expected a batch, channels and 1 to 3 spatial axes")
    }
    return node.layout == .channelsFirst
      ? Array(shape.extents.dropFirst(2)) : Array(shape.extents.dropFirst().dropLast())
  }

  /// Channels of a tensor in a node's layout.
  static func channels(_ node: GraphNode, _ shape: Shape) -> Int {
    node.layout == .channelsFirst ? shape[1] : shape.channels
  }

  /// Extents (N, C, spatial…) or (N, spatial…, C), by the node's layout.
  static func shape(
    _ node: GraphNode, batch: Int, channels: Int, spatial: [Int]
  ) throws(GradCAMError) -> Shape {
    try node.shape(
      node.layout == .channelsFirst
        ? [batch, channels] + spatial : [batch] + spatial + [channels])
  }
}
