import GradCAMPPKernels

/// The operations that graphs may have.
public enum NodeKinds {
  /// Every one, by name.
  public static let all: [any NodeKind.Type] = [
    AdaptiveAveragePoolNode.self,
    AddNode.self,
    AveragePoolNode.self,
    BatchNormalizationNode.self,
    CastNode.self,
    ConcatNode.self,
    ConvNode.self,
    DropoutNode.self,
    FlattenNode.self,
    GemmNode.self,
    GlobalAveragePoolNode.self,
    IdentityNode.self,
    MaxPoolNode.self,
    PadNode.self,
    ReluNode.self,
    ReshapeNode.self,
    SigmoidNode.self,
    SoftmaxNode.self,
    SplitNode.self,
    SqueezeNode.self,
    SumNode.self,
    TransposeNode.self,
    UnsqueezeNode.self,
  ]

  private static let byName = Dictionary(
    all.map { ($0.operation, $0) }, uniquingKeysWith: { first, _ in first })

  /// The operation of that name, if it is served.
  public static func named(_ operation: String) -> (any NodeKind.Type)? { byName[operation] }
}
