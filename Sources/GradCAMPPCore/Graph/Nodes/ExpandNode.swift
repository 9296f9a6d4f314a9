import GradCAMPPKernels

/// A node that repeats a tensor along its axes.
protocol RepeatingNode: NodeKind {
  /// The output's extents, and how often each of its axes is repeated, for an input that has as many
  /// by extents of 1 in front.
  static func repeats(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> (output: Shape, times: [Int])
}

/// Expand: axes of extent 1 spread to a shape, by the rule of NumPy's broadcasting.
enum ExpandNode: RepeatingNode {
  static let operation = "Expand"

  static func repeats(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> (output: Shape, times: [Int]) {
    let shape = try inputs.shape(0, of: node)
    let wanted = try inputs.integers(1, of: node) ?? []
    guard let target = Shape(checking: wanted, elementSize: 4),
      let extents = BroadcastAxes.extents(shape, target)
    else {
      throw node.error(
        "spreads a tensor of shape \(shape) to \(wanted); expected for each axis one extent, or 1")
    }
    let lifted = [Int](repeating: 1, count: extents.count - shape.rank) + shape.extents
    return (try node.shape(extents), zip(extents, lifted).map { $1 == 0 ? 1 : $0 / $1 })
  }
}

/// Tile: a tensor repeated so often along each axis.
enum TileNode: RepeatingNode {
  static let operation = "Tile"

  static func repeats(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> (output: Shape, times: [Int]) {
    let shape = try inputs.shape(0, of: node)
    let times = try inputs.integers(1, of: node) ?? []
    guard times.count == shape.rank, times.allSatisfy({ (1...1 << 24).contains($0) }) else {
      throw node.error(
        "repeats a tensor of shape \(shape) \(times) times; expected a number from 1 to 2^24 for each "
          + "axis")
    }
    var extents: [Int] = []
    for (extent, count) in zip(shape.extents, times) {
      let (product, overflow) = extent.multipliedReportingOverflow(by: count)
      extents.append(overflow ? .max : product)
    }
    return (try node.shape(extents), times)
  }
}

extension RepeatingNode {
  /// It sees the order of axes, and may add some in front.
  static var axisUse: AxisUse { .memory }

  /// The repeated extents.
  static func outputShapes(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [Shape] {
    [try repeats(node, inputs).output]
  }

  /// The operator, where anything is repeated.
  static func lower(
    _ node: GraphNode, _ inputs: NodeInputs, to network: inout GraphLowering
  ) throws(GradCAMError) {
    let (output, times) = try repeats(node, inputs)
    guard times.contains(where: { $0 != 1 }) else {
      return try network.reshape(node, to: output)
    }
    let value = try network.lifted(0, of: node, inputs, rank: output.rank)
    try network.addLifted(Tiling(times), for: node, [value])
  }
}
