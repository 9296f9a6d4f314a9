import GradCAMPPKernels

/// What `Model.explain` shall do; the defaults are the original program's.
public struct ExplainOptions: Sendable {
  /// Name of an attribution method.
  public var method = AttributionMethods.standard.name
  /// Values of its options, by name; the others have their defaults.
  public var methodOptions: [String: Double] = [:]
  /// The layers to explain; empty: the model's default.
  public var layers: [String] = []
  /// What to explain; empty: the predicted class.
  public var targets: [TargetRequest] = []
  /// If not 0, the so many most probable classes of each picture are explained, not `targets`.
  public var topCount = 0
  /// How many explanations a picture gets.
  public var targetCount: Int { topCount > 0 ? topCount : max(targets.count, 1) }
  /// Whether the guided gradient by the pixels is wanted as well.
  public var isGuided = false
  /// Ends the call from outside.
  public var cancel: CancelToken?

  /// The defaults.
  public init() {}
}

/// A target as it is asked for, before it is known which network has to answer.
public struct TargetRequest: Sendable, Equatable {
  /// Its name in `Targets.all`.
  public var kind: String
  /// What it is made of.
  public var arguments: TargetArguments

  /// A target of a kind.
  public init(kind: String = LogitTarget.name, _ arguments: TargetArguments) {
    self.kind = kind
    self.arguments = arguments
  }

  /// A class's logit.
  public init(classIndex: Int) { self.init(TargetArguments(classes: [classIndex])) }
}
