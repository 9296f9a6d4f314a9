import GradCAMPPKernels

/// A node that moves squares of cells to channels of one cell, or back.
protocol BlockNode: NodeKind {
  /// Which way elements move.
  static var direction: BlockRearrangement.Direction { get }
}

extension BlockNode {
  /// The side of a square, and the order of the channels, which only the newest SpaceToDepth names.
  static var attributes: Set<String> { ["blocksize", "mode"] }

  /// Channels, and two spatial axes.
  static var axisUse: AxisUse { .spatial }

  /// How the channels count the cells of a square.
  private static func order(_ node: GraphNode) throws(GradCAMError) -> ChannelBlocks.Order {
    let mode = try node.text("mode", default: "DCR")
    switch mode {
    case "DCR": return .channelInnermost
    case "CRD": return .channelOutermost
    default: throw node.wrong("mode", .text(mode), "DCR or CRD")
    }
  }

  private static func block(_ node: GraphNode) throws(GradCAMError) -> Int {
    let block = try node.integer("blocksize", default: 0)
    guard (1...1 << 12).contains(block) else {
      throw node.wrong("blocksize", .integer(block), "a number from 1 to 2^12")
    }
    return block
  }

  /// Extents and channels, one multiplied and the other divided.
  static func outputShapes(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [Shape] {
    let shape = try inputs.shape(0, of: node)
    let block = try block(node)
    _ = try order(node)
    let spatial = try NodeWindows.spatial(node, shape)
    let channels = NodeWindows.channels(node, shape)
    let area = block * block
    let isWhole =
      direction == .depthToSpace
      ? channels % area == 0 : spatial.allSatisfy { $0 % block == 0 }
    guard spatial.count == 2, isWhole else {
      throw node.error(
        "takes a tensor of shape \(shape) with blocksize \(block); expected two spatial axes and "
          + "whole squares")
    }
    let isGrowing = direction == .depthToSpace
    return [
      try NodeWindows.shape(
        node, batch: shape[0],
        channels: isGrowing ? channels / area : multiplied(channels, area),
        spatial: spatial.map { isGrowing ? multiplied($0, block) : $0 / block })
    ]
  }

  private static func multiplied(_ extent: Int, _ factor: Int) -> Int {
    let (product, overflow) = extent.multipliedReportingOverflow(by: factor)
    return overflow ? .max : product
  }

  /// The rearrangement.
  static func lower(
    _ node: GraphNode, _ inputs: NodeInputs, to network: inout GraphLowering
  ) throws(GradCAMError) {
    try network.add(
      BlockRearrangement(direction, block: block(node), order: order(node)), for: node)
  }
}
