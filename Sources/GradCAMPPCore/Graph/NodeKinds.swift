import GradCAMPPKernels

/// The operations that graphs may have.
public enum NodeKinds {
  /// Every one, by name.
  public static let all: [any NodeKind.Type] = [
    AbsNode.self,
    AdaptiveAveragePoolNode.self,
    AddNode.self,
    AveragePoolNode.self,
    BatchNormalizationNode.self,
    CastNode.self,
    CeluNode.self,
    ClipNode.self,
    ConcatNode.self,
    ConvNode.self,
    ConvTransposeNode.self,
    DepthToSpaceNode.self,
    DivNode.self,
    DropoutNode.self,
    EluNode.self,
    ErfNode.self,
    ExpNode.self,
    FlattenNode.self,
    GeluNode.self,
    GemmNode.self,
    GlobalAveragePoolNode.self,
    GlobalLpPoolNode.self,
    GlobalMaxPoolNode.self,
    GroupNormalizationNode.self,
    HardSigmoidNode.self,
    HardSwishNode.self,
    IdentityNode.self,
    InstanceNormalizationNode.self,
    LeakyReluNode.self,
    LogNode.self,
    LpPoolNode.self,
    LRNNode.self,
    MaxNode.self,
    MaxPoolNode.self,
    MinNode.self,
    MishNode.self,
    MulNode.self,
    NegNode.self,
    PadNode.self,
    PReluNode.self,
    ReciprocalNode.self,
    ReduceMeanNode.self,
    ReluNode.self,
    ReshapeNode.self,
    ResizeNode.self,
    SeluNode.self,
    SigmoidNode.self,
    SoftmaxNode.self,
    SoftplusNode.self,
    SpaceToDepthNode.self,
    SplitNode.self,
    SqrtNode.self,
    SqueezeNode.self,
    SubNode.self,
    SumNode.self,
    SwishNode.self,
    TanhNode.self,
    TransposeNode.self,
    UnsqueezeNode.self,
    UpsampleNode.self,
  ]

  private static let byName = Dictionary(
    all.map { ($0.operation, $0) }, uniquingKeysWith: { first, _ in first })

  /// The operation of that name, if it is served.
  public static func named(_ operation: String) -> (any NodeKind.Type)? { byName[operation] }
}
