import GradCAMPPKernels

/// What may lie beside weights and say more of their network; nil for what is not said.
public struct WeightRemarks: Sendable {
  /// How the weights want colours.
  public var normalization: Normalization?
  /// Height and width of the input.
  public var inputSize: [Int]?
  /// What made probabilities of the logits: "softmax" or "sigmoid".
  public var activation: String?
  /// A description of the network.
  public var configuration: String?

  /// Nothing is said, but for how colours go in.
  public init(normalization: Normalization? = nil) { self.normalization = normalization }
}
