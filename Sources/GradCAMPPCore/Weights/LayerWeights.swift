import GradCAMPPKernels

/// The weights that a network has, by name, in the layouts of its operators.
public struct LayerWeights: Sendable {
  /// What messages call the place the weights came from: a path, or "the mapping".
  public let origin: String

  /// The names, such as `conv1_1/weights`, in the order of the data.
  public let names: [String]

  /// How colours go in.
  public let normalization: Normalization

  private let weights: [String: ArrangedWeights]

  /// Weights in the order given; throws `badData` when a name occurs twice.
  init(
    origin: String, _ entries: [(name: String, weights: ArrangedWeights)],
    normalization: Normalization
  ) throws(GradCAMError) {
    var weights: [String: ArrangedWeights] = [:]
    for entry in entries where weights.updateValue(entry.weights, forKey: entry.name) != nil {
      throw GradCAMError(.badData, "\(origin) holds two arrays named \(entry.name.quoted)")
    }
    self.origin = origin
    self.normalization = normalization
    names = entries.map(\.name)
    self.weights = weights
  }

  /// Whether an array lies in the host program's memory.
  public var borrows: Bool { weights.values.contains { $0.isBorrowed } }

  /// The weights of that name, if there are any.
  public subscript(name: String) -> ArrangedWeights? { weights[name] }
}
