import GradCAMPPKernels

/// A node that normalises groups of channels of a picture by their mean and variance over all cells.
protocol NormalizationNode: NodeKind {
  /// Groups that share a mean, of so many channels.
  static func groups(_ node: GraphNode, channels: Int) throws(GradCAMError) -> Int
}

extension NormalizationNode {
  /// Channels and spatial axes.
  static var axisUse: AxisUse { .spatial }

  /// The first input's.
  static func outputShapes(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [Shape] {
    let shape = try inputs.shape(0, of: node)
    _ = try NodeWindows.spatial(node, shape)
    let channels = NodeWindows.channels(node, shape)
    let groups = try groups(node, channels: channels)
    for place in 1...2 {
      let count = try inputs.shape(place, of: node).count
      guard count == channels || count == groups && countsGroups(node) else {
        throw node.error(
          "has \(count) numbers as input \(place); expected \(channels), one for each channel")
      }
    }
    return [shape]
  }

  /// Before version 21 GroupNormalization had a factor for each group.
  private static func countsGroups(_ node: GraphNode) -> Bool {
    node.operation == GroupNormalizationNode.operation && node.version < 21
  }

  /// The normalisation.
  static func lower(
    _ node: GraphNode, _ inputs: NodeInputs, to network: inout GraphLowering
  ) throws(GradCAMError) {
    let channels = try inputs.shape(0, of: node).channels
    let factors = try numbers(1, node, inputs, channels)
    let offsets = try numbers(2, node, inputs, channels)
    let epsilon = try node.float("epsilon", default: 1e-5)
    guard epsilon >= 0 else { throw node.wrong("epsilon", .number(Double(epsilon)), "0 or more") }
    let groups = try groups(node, channels: channels)
    try network.add(
      GroupNormalization(groups: groups, factors: factors, offsets: offsets, epsilon: epsilon),
      for: node)
  }

  /// A number for each channel.
  private static func numbers(
    _ place: Int, _ node: GraphNode, _ inputs: NodeInputs, _ channels: Int
  ) throws(GradCAMError) -> [Float] {
    let numbers = try inputs.constant(place, of: node).floats()
    guard numbers.allSatisfy(\.isFinite) else {
      throw node.error("holds NaN or infinity; finite numbers are expected")
    }
    let repeats = channels / max(numbers.count, 1)
    return numbers.flatMap { [Float](repeating: $0, count: repeats) }
  }
}
