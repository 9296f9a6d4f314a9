import GradCAMPPKernels

/// Named arrays of weights, such as `conv1_1/weights` and `conv1_1/biases`.
public struct WeightStore: Sendable {
  /// What messages call the place the weights came from: a path, or "the mapping".
  public let origin: String

  /// The names in the order of the origin.
  public let names: [String]

  /// Element types, by name, of what else is there that holds no floating-point numbers.
  public let otherTypes: [String: String]

  /// What the origin says of the network beside its weights.
  public let remarks: WeightRemarks

  private let arrays: [String: WeightArray]

  /// A store of arrays in the order given; throws `badData` when a name occurs twice.
  public init(
    origin: String, _ entries: [(name: String, array: WeightArray)],
    otherTypes: [String: String] = [:], remarks: WeightRemarks = WeightRemarks()
  ) throws(GradCAMError) {
    var arrays: [String: WeightArray] = [:]
    for entry in entries where arrays.updateValue(entry.array, forKey: entry.name) != nil {
      throw GradCAMError(.badData, "\(origin) holds two arrays named \(entry.name.quoted)")
    }
    self.origin = origin
    self.names = entries.map(\.name)
    self.otherTypes = otherTypes
    self.remarks = remarks
    self.arrays = arrays
  }

  /// The layers, which are the names' parts before the last `/`, each once, in the same order.
  public var layers: [String] {
    var seen: Set<String> = []
    return names.map { name in
      name.lastIndex(of: "/").map { String(name[..<$0]) } ?? name
    }.filter { seen.insert($0).inserted }
  }

  /// How the weights want colours, if the origin says it.
  public var normalization: Normalization? { remarks.normalization }

  /// Whether an array lies in the host program's memory.
  public var borrows: Bool { arrays.values.contains { $0.isBorrowed } }

  /// The array of that name, if there is one.
  public subscript(name: String) -> WeightArray? { arrays[name] }
}
