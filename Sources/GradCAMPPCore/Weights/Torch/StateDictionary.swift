import GradCAMPPKernels

/// The dictionary of tensors in a checkpoint, which training scripts wrap in various ways.
///
/// It is looked for in this order, each step at most `deepest` times, as wrappers stand in wrappers:
///
/// 1. under a key of `wrappers`, or one with the word `ema` in it, that holds a network: a
///    dictionary with a tensor under a text, or a wrapper of one;
/// 2. in the dictionary itself, where it holds a tensor under a text;
/// 3. under the only key, whatever it is, that holds a network.
///
/// Several networks are not chosen from, unless they are the same object: both of `model` and
/// `model_ema` would give a map that looks right.
struct StateDictionary {
  /// The keys under which training scripts keep a network.
  static let wrappers: Set<String> = [
    "state_dict", "model_state_dict", "model_state", "model", "network", "net", "net_state_dict",
    "params", "weights", "module", "backbone",
  ]

  private static let deepest = 4

  /// A dictionary, and through how many wrappers in it a network is looked for.
  private struct Place: Hashable {
    let node: Int
    let depth: Int
  }

  private let document: PickleDocument
  private var holdsTensors: [Int: Bool] = [:]
  private var holdsNetwork: [Place: Bool] = [:]

  /// Names and values of the dictionary of tensors, in file order.
  static func entries(
    _ document: PickleDocument
  ) throws(GradCAMError) -> [(name: String, value: PickleValue)] {
    var search = StateDictionary(document: document)
    var place = document.root
    for _ in 0..<deepest {
      guard let inner = try search.network(in: place) else { break }
      place = inner
    }
    guard let (number, _) = document.node(place), search.hasTensors(number) else {
      throw search.refusal()
    }
    return search.named(place)
  }

  private init(document: PickleDocument) { self.document = document }

  /// Entries whose key is text.
  private func named(_ value: PickleValue) -> [(name: String, value: PickleValue)] {
    (document.dictionary(value) ?? []).compactMap { entry in
      document.text(entry.key, limit: 1024).map { (name: $0, value: entry.value) }
    }
  }

  /// The network that a dictionary wraps; nil for one that wraps none.
  private mutating func network(in value: PickleValue) throws(GradCAMError) -> PickleValue? {
    guard let (number, _) = document.node(value) else { return nil }
    var networks: [(name: String, node: Int)] = []
    for (name, value) in named(value) {
      if let (inner, _) = document.node(value), isNetwork(inner, Self.deepest) {
        networks.append((name, inner))
      }
    }
    let known = networks.filter { Self.isWrapper($0.name) }
    let candidates = known.isEmpty && !hasTensors(number) ? networks : known
    guard let first = candidates.first else { return nil }
    if let other = candidates.first(where: { $0.node != first.node }) {
      throw several("under \(first.name.quoted) and \(other.name.quoted)", first.name)
    }
    // A tensor beside it may be an accuracy; modules have dots in the names of theirs.
    if let own = named(value).first(where: { $0.name.contains(".") && document.isTensor($0.value) })
    {
      throw several("beside \(own.name.quoted) and under \(first.name.quoted)", first.name)
    }
    return .node(first.node)
  }

  private func several(_ places: String, _ key: String) -> GradCAMError {
    GradCAMError(
      .badData,
      "\(document.file.path) holds several networks, \(places), and only one can be meant; save it "
        + "alone, as in torch.save(torch.load(PATH)[\(key.quoted)], NEW_PATH)")
  }

  /// Whether a key is one under which training scripts keep a network: of `wrappers`, or `ema`, an
  /// exponential moving average, as a word of it.
  static func isWrapper(_ key: String) -> Bool {
    wrappers.contains(key) || key.lowercased().split { !$0.isLetter }.contains("ema")
  }

  /// Whether a node is a dictionary with a tensor under a text.
  private mutating func hasTensors(_ number: Int) -> Bool {
    if let known = holdsTensors[number] { return known }
    let found = named(.node(number)).contains { document.isTensor($0.value) }
    holdsTensors[number] = found
    return found
  }

  /// Whether a node is that, or a wrapper of one.
  ///
  /// Dictionaries may contain themselves and one another: each is looked at once for every depth.
  private mutating func isNetwork(_ number: Int, _ depth: Int) -> Bool {
    let place = Place(node: number, depth: depth)
    if let known = holdsNetwork[place] { return known }
    var found = hasTensors(number)
    if !found, depth > 1 {
      for (name, value) in named(.node(number)) where !found && Self.isWrapper(name) {
        if let (inner, _) = document.node(value) { found = isNetwork(inner, depth - 1) }
      }
    }
    holdsNetwork[place] = found
    return found
  }

  /// Why there is no dictionary of tensors: whole modules are told from other values.
  private func refusal() -> GradCAMError {
    let wrapped = named(document.root).filter { Self.isWrapper($0.name) }.map(\.value)
    for value in [document.root] + wrapped {
      if let name = document.foreignName(value) {
        return GradCAMError(
          .badData,
          "\(document.file.path) holds an object of \(name.quoted), which only its own program can "
            + "rebuild; save its state_dict(), or export the network to ONNX")
      }
    }
    return GradCAMError(
      .badData,
      "\(document.file.path) holds \(document.description(of: document.root)) and no dictionary of "
        + "tensors; expected what torch.save(model.state_dict(), PATH) writes")
  }
}

extension PickleDocument {
  /// Whether a value is a tensor of PyTorch, of a kind that is read or another one.
  func isTensor(_ value: PickleValue) -> Bool {
    guard let (_, node) = node(value) else { return false }
    if node.isDenseTensor { return true }
    guard node.kind == .foreign, let maker = foreignName(value) else { return false }
    return maker.hasPrefix("torch._") && maker.contains("._rebuild_")
  }
}

extension PickleNode {
  /// Whether it is a tensor of PyTorch of a kind that is read.
  var isDenseTensor: Bool { kind == .tensor || kind == .typedTensor }
}
