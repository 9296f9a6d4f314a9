import GradCAMPPKernels

/// GroupNormalization: groups of channels of a picture by their mean and variance; factors and offsets
/// are the groups' before version 21 and the channels' from then on.
enum GroupNormalizationNode: NormalizationNode {
  static let operation = "GroupNormalization"
  static let attributes: Set<String> = ["epsilon", "num_groups", "stash_type"]

  static func groups(_ node: GraphNode, channels: Int) throws(GradCAMError) -> Int {
    // The precision of the mean, which is never less than float32 here.
    _ = try node.integer("stash_type", default: 1)
    let groups = try node.integer("num_groups", default: 0)
    guard groups >= 1, channels % groups == 0 else {
      throw node.wrong("num_groups", .integer(groups), "a divisor of \(channels) channels")
    }
    return groups
  }
}
