import GradCAMPPKernels

extension PickleMachine {
  /// Pushes what a class or function of no known meaning would make.
  mutating func makeForeignObject(of maker: PickleValue) throws(GradCAMError) {
    guard case .node(let number) = maker, nodes[number].kind == .foreignName else {
      return push(.foreign)
    }
    push(.foreign, nodes[number].items)
  }

  /// INST: a class as in GLOBAL, its arguments above the last mark.
  mutating func instance() throws(GradCAMError) {
    try global()
    let maker = try pop()
    _ = try popToMark()
    try makeForeignObject(of: maker)
  }

  /// POP: drops the last value, or the last mark where there is no value above it.
  mutating func discard() throws(GradCAMError) {
    if let mark = marks.last, mark == stack.count {
      marks.removeLast()
    } else {
      _ = try pop()
    }
  }

  /// BINPERSID: what the program that reads the pickle is to find by itself.
  ///
  /// Of PyTorch that is a storage, ("storage", type, key, location, count, ...), or in the older
  /// format a class whose source code is kept, ("module", class, file, code).
  mutating func persistentObject(_ identifier: PickleValue) throws(GradCAMError) {
    guard case .node(let number) = identifier, nodes[number].kind == .tuple else {
      throw error("has a persistent identifier that is no tuple")
    }
    let items = nodes[number].items
    if items.count == 4, case .node(let name) = items[1], nodes[name].kind == .foreignName {
      stack.append(items[1])
    } else {
      push(.persistent, items)
    }
  }

  /// `OrderedDict()`, or of a list of pairs, as Python 2 writes it.
  mutating func makeDictionary(_ arguments: [PickleValue]) throws(GradCAMError) {
    guard let pairs = arguments.first else { return push(.dictionary) }
    guard arguments.count == 1, case .node(let number) = pairs, nodes[number].kind == .list else {
      throw error("makes an OrderedDict of something other than a list of pairs")
    }
    // Many dictionaries may be made of one list.
    try count(nodes[number].items.count)
    var items: [PickleValue] = []
    for pair in nodes[number].items {
      guard case .node(let pair) = pair, nodes[pair].kind == .list || nodes[pair].kind == .tuple,
        nodes[pair].items.count == 2
      else { throw error("makes an OrderedDict of something other than a list of pairs") }
      items += nodes[pair].items
    }
    push(.dictionary, items)
  }
}
