import GradCAMPPKernels

/// What names and shapes of a state dictionary tell.
struct StateNames {
  let weights: WeightStore
  /// What stands before the names of all modules: empty, or such as `backbone.`.
  let prefix: String

  /// Whether a module has weights.
  func has(_ module: String) -> Bool { weights["\(prefix)\(module).weight"] != nil }

  /// Extents of a convolution's weights (outputs, inputs / groups, height, width); zeros for what is
  /// none.
  func filter(_ module: String) -> [Int] {
    guard let shape = weights["\(prefix)\(module).weight"]?.shape, shape.rank == 4 else {
      return [0, 0, 0, 0]
    }
    return shape.extents
  }

  /// How many of module 0, 1, … there are one after the other, by their names.
  func count(_ name: (Int) -> String) -> Int {
    var count = 0
    while has(name(count)) { count += 1 }
    return count
  }

  /// An error that says why these are not a family's names, and the way that works.
  func refusal(as family: String, _ fault: String) -> GradCAMError {
    GradCAMError(
      .badData,
      "\(weights.origin) looks like \(family), but \(fault); export the network to ONNX, where "
        + "nothing has to be told by names")
  }

  /// What stands before `name` in a store: empty, or a row of modules; nil where no name ends so.
  static func prefix(before name: String, in weights: WeightStore) -> String? {
    for found in weights.names where found.hasSuffix(name) {
      let prefix = found.dropLast(name.count)
      if prefix.isEmpty || prefix.last == "." { return String(prefix) }
    }
    return nil
  }
}
