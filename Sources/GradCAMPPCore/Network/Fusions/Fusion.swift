import GradCAMPPKernels

/// Makes one step of an operator and the only one that reads its result.
///
/// A fusion is one file in `Fusions` and one line in `Fusions.all`. A plan asks for it along the
/// graph, consumer by consumer, wherever nobody else wants the tensor between the two.
public protocol Fusion: Sendable {
  /// Its name: "activation".
  static var name: String { get }

  /// One operator for the two, nil when this fusion does not serve them.
  ///
  /// It takes the producer's inputs, then the consumer's others in their order. Its outputs are
  /// those of the consumer, bit for bit.
  static func fuse(_ pair: FusionPair) throws(GradCAMError) -> (any Operator)?
}

/// An operator and the one that reads its result.
public struct FusionPair {
  /// The first, which may be a fusion itself.
  public let producer: any Operator
  /// Shapes of its inputs.
  public let producerInputs: [Shape]
  /// The second.
  public let consumer: any Operator
  /// Shapes of its inputs.
  public let consumerInputs: [Shape]
  /// Which of them is the first's result.
  public let place: Int
}

/// The fusions that plans are made with.
public enum Fusions {
  /// Every fusion, in the order in which they are tried.
  public static let all: [any Fusion.Type] = [
    ActivationFusion.self,
    ResidualFusion.self,
    JoiningFusion.self,
    PoolingFusion.self,
  ]

  /// The first fusion's operator for a pair, if there is one.
  static func fuse(_ pair: FusionPair) throws(GradCAMError) -> (any Operator)? {
    for fusion in all {
      if let operation = try fusion.fuse(pair) { return operation }
    }
    return nil
  }
}
