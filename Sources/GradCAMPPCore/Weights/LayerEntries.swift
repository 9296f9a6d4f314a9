import GradCAMPPKernels

/// The layers of a pickled `{name: [weights, biases]}`, as NumPy object files hold them.
///
/// The dictionary is the one element of an object array, or stands alone. A name is text of either
/// kind. A layer is a list, tuple or object array of two arrays, or a dictionary with the keys
/// `weights` and `biases`. Each array is looked for at a fixed depth, so that containers which
/// contain themselves do no harm.
struct LayerEntries {
  private let document: PickleDocument

  /// The arrays of all layers, named `layer/weights` and `layer/biases`, in file order.
  static func store(_ document: PickleDocument) throws(GradCAMError) -> WeightStore {
    let layers = LayerEntries(document: document)
    var arrays = PickledArrayLoader(document)
    var entries: [(name: String, array: WeightArray)] = []
    for (key, value) in try layers.entries() {
      let layer = try layers.name(key)
      let (weights, biases) = try layers.pair(value, layer)
      for (kind, value) in [("weights", weights), ("biases", biases)] {
        let name = "\(layer)/\(kind)"
        entries.append((name, try arrays.array(value, name.quoted)))
      }
    }
    return try WeightStore(origin: document.file.path, entries)
  }

  private func entries() throws(GradCAMError) -> [(key: PickleValue, value: PickleValue)] {
    var root = document.root
    if let (_, node) = document.node(root), node.kind == .array {
      let array = try PickledArray(node, document, name: "the object array")
      guard case .objects(let objects) = array.contents, objects.count == 1 else {
        throw error(
          "expected one dict {name: [weights, biases]}, found an array of shape \(array.shape)")
      }
      root = objects[0]
    }
    guard let layers = document.dictionary(root), !layers.isEmpty else {
      throw error(
        "expected a dict {name: [weights, biases]}, found \(document.description(of: root))")
    }
    return layers
  }

  private func name(_ key: PickleValue) throws(GradCAMError) -> String {
    guard let name = document.text(key), !name.isEmpty,
      !name.unicodeScalars.contains(where: { $0.value < 0x20 })
    else {
      throw error(
        """
        a layer's name is \(document.description(of: key)); expected printable text of 1 to 256 \
        bytes
        """)
    }
    return name
  }

  /// The weights and biases of a layer.
  private func pair(
    _ value: PickleValue, _ layer: String
  ) throws(GradCAMError) -> (weights: PickleValue, biases: PickleValue) {
    if let entries = document.dictionary(value), entries.count == 2 {
      let named = entries.compactMap { entry in
        document.text(entry.key).map { (name: $0, value: entry.value) }
      }
      if let weights = named.first(where: { $0.name == "weights" }),
        let biases = named.first(where: { $0.name == "biases" })
      {
        return (weights.value, biases.value)
      }
    }
    var items = document.sequence(value)
    if let (_, node) = document.node(value), node.kind == .array {
      let array = try PickledArray(node, document, name: "layer \(layer.quoted)")
      if case .objects(let objects) = array.contents { items = objects }
    }
    guard let items, items.count == 2 else {
      throw error(
        """
        layer \(layer.quoted) holds \(document.description(of: value)); expected [weights, biases]
        """)
    }
    return (items[0], items[1])
  }

  private func error(_ sentence: String) -> GradCAMError {
    GradCAMError(.badData, "\(document.file.path): \(sentence)")
  }
}
