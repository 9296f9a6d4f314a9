import GradCAMPPKernels

/// The passes between a file's graph and a network.
public enum GraphPasses {
  /// Every pass, in the order in which a graph takes them.
  public static let all: [any GraphPass.Type] = [
    BindInput.self,
    DropDeadNodes.self,
    FoldConstants.self,
    DropIdentities.self,
    MergeQuantization.self,
    DropOutputActivation.self,
    ExpandEinsum.self,
    ExpandGemm.self,
    FoldConstants.self,
    RecognizeLinear.self,
    RecognizeFlatten.self,
    RecognizeGlobalAverage.self,
    RecognizeActivations.self,
    RecognizeLayerNormalization.self,
    RecognizeGroupNormalization.self,
    FoldBatchNormalization.self,
    FoldChannelArithmetic.self,
    MergePadding.self,
    TurnChannelsLast.self,
    DropDeadNodes.self,
  ]

  /// Takes a graph through all passes, unless it has been; `seen` is called with the graph after
  /// each.
  public static func apply(
    to graph: inout Graph, seen: (any GraphPass.Type, Graph) -> Void = { _, _ in }
  ) throws(GradCAMError) {
    try graph.check()
    guard !graph.isRewritten else { return }
    graph.isRewritten = true
    for pass in all {
      try pass.apply(to: &graph)
      seen(pass, graph)
    }
  }
}
