/// What `Model.explain` shall do; the defaults are the original program's.
public struct ExplainOptions: Sendable {
  /// Name of an attribution method.
  public var method = AttributionMethods.standard.name
  /// Name of the layer to explain; nil: the model's default.
  public var layer: String?
  /// The classes to explain; empty: the predicted one.
  public var targets: [Int] = []
  /// If not 0, the so many most probable classes of each picture are explained, not `targets`.
  public var topCount = 0
  /// How many explanations a picture gets.
  public var targetCount: Int { topCount > 0 ? topCount : max(targets.count, 1) }
  /// Whether the guided gradient by the pixels is wanted as well.
  public var isGuided = false

  /// The defaults.
  public init() {}
}
