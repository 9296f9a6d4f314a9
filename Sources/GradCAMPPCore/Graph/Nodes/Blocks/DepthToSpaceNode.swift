import GradCAMPPKernels

/// DepthToSpace: channels become squares of cells; `mode` says in which order channels count them.
enum DepthToSpaceNode: BlockNode {
  static let operation = "DepthToSpace"
  static let attributes: Set<String> = ["blocksize", "mode"]
  static let direction = BlockRearrangement.Direction.depthToSpace

  static func order(_ node: GraphNode) throws(GradCAMError) -> ChannelBlocks.Order {
    let mode = try node.text("mode", default: "DCR")
    switch mode {
    case "DCR": return .channelInnermost
    case "CRD": return .channelOutermost
    default: throw node.wrong("mode", .text(mode), "DCR or CRD")
    }
  }
}
