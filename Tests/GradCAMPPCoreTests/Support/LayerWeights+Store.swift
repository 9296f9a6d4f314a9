import GradCAMPPKernels

@testable import GradCAMPPCore

extension LayerWeights {
  /// The arrays, all made, as a file of them would bring them.
  func store() throws -> WeightStore {
    var entries: [(name: String, array: WeightArray)] = []
    for name in names {
      if let array = try self[name]?.array() { entries.append((name, array)) }
    }
    return try WeightStore(
      origin: origin, entries, remarks: WeightRemarks(normalization: normalization))
  }
}
