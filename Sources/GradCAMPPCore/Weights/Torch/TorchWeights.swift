import GradCAMPPKernels

/// The tensors of a PyTorch file's state dictionary.
struct TorchWeights {
  /// What wrappers of modules put before every name: DataParallel, Lightning and its like,
  /// torch.compile.
  private static let prefixes = ["module.", "model.", "_orig_mod."]

  /// The arrays of the file, named as in the state dictionary without such prefixes.
  ///
  /// Tensors of other than floating-point numbers are named with their type. What is no tensor is
  /// left out where it cannot be a weight: under a name without a dot, or None, or the state that
  /// some modules keep.
  static func store(
    _ document: PickleDocument, _ storages: TorchStorages
  ) throws(GradCAMError) -> WeightStore {
    let path = document.file.path
    var loader = TorchTensorLoader(storages)
    var entries: [(name: String, array: WeightArray)] = []
    var others: [(name: String, type: String)] = []
    var names: Set<String> = []
    for (name, value) in try StateDictionary.entries(document) {
      guard names.insert(name).inserted else {
        throw GradCAMError(.badData, "\(path) holds two values named \(name.quoted)")
      }
      guard let (_, node) = document.node(value), node.isDenseTensor else {
        if isLeftOut(name, value, document) { continue }
        throw GradCAMError(
          .badData,
          "\(path): \(name.quoted) is \(document.description(of: value)); expected a dense tensor")
      }
      if node.kind == .typedTensor {
        others.append((name, typeName(node, document)))
        continue
      }
      let tensor = try TorchTensor(node, document, name: name)
      if let width = tensor.type.width {
        entries.append((name, try loader.array(tensor, width, name)))
      } else {
        others.append((name, tensor.type.rawValue))
      }
    }
    // No two names are the same, so none are without a prefix that all have.
    let prefix = commonPrefix(entries.map(\.name) + others.map(\.name))
    func shortened(_ name: String) -> String { String(name.dropFirst(prefix.count)) }
    return try WeightStore(
      origin: path, entries.map { (shortened($0.name), $0.array) },
      otherTypes: Dictionary(uniqueKeysWithValues: others.map { (shortened($0.name), $0.type) }))
  }

  private static func isLeftOut(
    _ name: String, _ value: PickleValue, _ document: PickleDocument
  ) -> Bool {
    if case .none = value { return true }
    return !document.isTensor(value) && (!name.contains(".") || name.hasSuffix("._extra_state"))
  }

  /// The element type that the seventh argument of `_rebuild_tensor_v3` names, such as
  /// `torch.float8_e4m3fn`.
  private static func typeName(_ node: PickleNode, _ document: PickleDocument) -> String {
    guard node.items.count >= 7, let name = document.foreignName(node.items[6]),
      name.hasPrefix("torch.")
    else { return "unknown" }
    return String(name.dropFirst("torch.".count))
  }

  /// The longest row of `prefixes` that every name begins with.
  static func commonPrefix(_ names: [String]) -> String {
    var common = ""
    while let next = prefixes.first(where: { prefix in
      names.allSatisfy { $0.hasPrefix(common + prefix) }
    }), !names.isEmpty {
      common += next
    }
    return common
  }
}
