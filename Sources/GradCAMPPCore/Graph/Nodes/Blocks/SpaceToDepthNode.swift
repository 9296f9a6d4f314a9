import GradCAMPPKernels

/// SpaceToDepth: squares of cells become channels.
enum SpaceToDepthNode: BlockNode {
  static let operation = "SpaceToDepth"
  static let direction = BlockRearrangement.Direction.spaceToDepth
}
