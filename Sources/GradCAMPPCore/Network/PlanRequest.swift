import GradCAMPPKernels

/// What a plan shall deliver.
public struct PlanRequest: Hashable, Sendable {
  /// A walk back from a target.
  public struct Backward: Hashable, Sendable {
    /// The values by which the gradient is wanted; 0 is the network's input.
    public let destinations: [Int]
    /// How the walk passes operators.
    public let rule: any BackwardRule

    /// A walk to `destinations`.
    public init(destinations: [Int], rule: any BackwardRule) {
      self.destinations = destinations
      self.rule = rule
    }

    /// A walk to one value.
    public init(destination: Int, rule: any BackwardRule) {
      self.init(destinations: [destination], rule: rule)
    }

    /// Whether destinations and rules are equal.
    public static func == (left: Backward, right: Backward) -> Bool {
      left.destinations == right.destinations && AnyHashable(left.rule) == AnyHashable(right.rule)
    }

    /// Hashes destinations and rule.
    public func hash(into hasher: inout Hasher) {
      hasher.combine(destinations)
      hasher.combine(AnyHashable(rule))
    }
  }

  /// Shape of the input, (pictures, spatial…, channels).
  public let inputShape: Shape
  /// Values whose activations are wanted.
  public let recorded: [Int]
  /// Whether the network's output is wanted; a walk back computes it anyway.
  public let needsOutput: Bool
  /// Walks back, each done for every target.
  public let backward: [Backward]
  /// How many targets of each picture a walk takes at once, as a batch.
  ///
  /// Weights are read once for all of them; the forward tensors on the way are copied for each.
  public let targetsPerWalk: Int

  /// A request for activations, output and gradients.
  public init(
    inputShape: Shape, recorded: [Int] = [], needsOutput: Bool = true, backward: [Backward] = [],
    targetsPerWalk: Int = 1
  ) {
    precondition(targetsPerWalk >= 1, "a walk takes one target or more")
    self.targetsPerWalk = targetsPerWalk
    self.inputShape = inputShape
    self.recorded = recorded
    self.needsOutput = needsOutput || !backward.isEmpty
    self.backward = backward
  }
}
