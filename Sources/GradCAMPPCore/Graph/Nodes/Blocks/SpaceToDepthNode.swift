import GradCAMPPKernels

/// SpaceToDepth: squares of cells become channels, which count row and column before channel.
enum SpaceToDepthNode: BlockNode {
  static let operation = "SpaceToDepth"
  static let attributes: Set<String> = ["blocksize"]
  static let direction = BlockRearrangement.Direction.spaceToDepth

  static func order(_ node: GraphNode) -> ChannelBlocks.Order { .channelInnermost }
}
