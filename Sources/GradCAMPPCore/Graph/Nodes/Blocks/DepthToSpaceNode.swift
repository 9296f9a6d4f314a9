import GradCAMPPKernels

/// DepthToSpace: channels become squares of cells; `mode` says in which order channels count them.
enum DepthToSpaceNode: BlockNode {
  static let operation = "DepthToSpace"
  static let direction = BlockRearrangement.Direction.depthToSpace
}
