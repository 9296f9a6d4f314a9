/// What `Model.explain` shall do; the defaults are the original program's.
public struct ExplainOptions: Sendable {
  /// Name of an attribution method.
  public var method = AttributionMethods.standard.name
  /// Name of the layer to explain; nil: the model's default.
  public var layer: String?
  /// The classes to explain; empty: the predicted one.
  public var targets: [Int] = []
  /// Whether the guided gradient by the pixels is wanted as well.
  public var isGuided = false

  /// The defaults.
  public init() {}
}
