import GradCAMPPKernels

/// What a plan shall deliver.
public struct PlanRequest: Hashable, Sendable {
  /// A walk back from a class's logit.
  public struct Backward: Hashable, Sendable {
    /// The value by which the gradient is wanted; 0 is the network's input.
    public let destination: Int
    /// How gradients pass a ReLU.
    public let rule: BackwardRule

    /// A walk to `destination`.
    public init(destination: Int, rule: BackwardRule) {
      self.destination = destination
      self.rule = rule
    }
  }

  /// Shape of the input, (pictures, spatial…, channels).
  public let inputShape: Shape
  /// Values whose activations are wanted.
  public let recorded: [Int]
  /// Whether the logits are wanted; a walk back computes them anyway.
  public let needsLogits: Bool
  /// Walks back, each done for every target class.
  public let backward: [Backward]
  /// How many classes of each picture a walk takes at once, as a batch.
  ///
  /// Weights are read once for all of them; the forward tensors on the way are copied for each.
  public let targetsPerWalk: Int

  /// A request for activations, logits and gradients.
  public init(
    inputShape: Shape, recorded: [Int] = [], needsLogits: Bool = true, backward: [Backward] = [],
    targetsPerWalk: Int = 1
  ) {
    precondition(targetsPerWalk >= 1, "a walk takes one target or more")
    self.targetsPerWalk = targetsPerWalk
    self.inputShape = inputShape
    self.recorded = recorded
    self.needsLogits = needsLogits || !backward.isEmpty
    self.backward = backward
  }
}
