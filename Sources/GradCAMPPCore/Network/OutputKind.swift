/// What the numbers are that a network ends with.
public enum OutputKind: Hashable, Sendable {
  /// One logit for each class.
  case classes(Probabilities)
  /// Numbers that are no classes, such as an embedding or coordinates.
  case vector
  /// Logits for each cell, (spatial…, classes).
  case map

  /// How logits become probabilities.
  public enum Probabilities: String, Hashable, Sendable {
    /// One of the classes is right: `exp(z_k) / Σ exp(z)`.
    case softmax
    /// Each class is right or not: `1 / (1 + exp(-z_k))`.
    case sigmoid
  }
}
