import GradCAMPPKernels

/// What a method has to be given.
public struct MethodNeeds: Sendable {
  /// How many layers a method looks at.
  public enum Layers: Sendable, Equatable {
    /// Exactly one.
    case one
    /// One or more.
    case several
    /// None: it looks at the picture itself, whose gradients are by the picture seen in 0 to 1.
    case input
  }

  /// How many layers.
  public var layers = Layers.one
  /// Whether the gradients by the layers are needed beside their activations.
  public var gradients = true
  /// How the walk back to the layers, or to the picture, passes operators.
  public var rule: any BackwardRule = .gradient
  /// Whether further pictures must be scored.
  public var scoring = false
  /// Whether changed pictures must pass forward and back.
  public var repeats = false

  /// Needs.
  public init(
    layers: Layers = .one, gradients: Bool = true, rule: any BackwardRule = .gradient,
    scoring: Bool = false, repeats: Bool = false
  ) {
    self.layers = layers
    self.gradients = gradients
    self.rule = rule
    self.scoring = scoring
    self.repeats = repeats
  }

  /// Whether a layer's tensors are all that it needs, so that no network has to be there.
  public var worksOnTensors: Bool { !scoring && !repeats && layers != .input }
}
