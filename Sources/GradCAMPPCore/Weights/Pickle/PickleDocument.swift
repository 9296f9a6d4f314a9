import GradCAMPPKernels

/// What a pickle describes: its nodes and the value at the top.
///
/// Nobody walks it recursively: `LayerEntries` and `StateDictionary` look at fixed depths.
struct PickleDocument {
  /// The file that text and bytes lie in.
  let file: MappedFile
  let nodes: [PickleNode]
  let root: PickleValue

  /// The node behind a value, with its number.
  func node(_ value: PickleValue) -> (number: Int, node: PickleNode)? {
    guard case .node(let number) = value, nodes.indices.contains(number) else { return nil }
    return (number, nodes[number])
  }

  /// The items of a tuple or list.
  func sequence(_ value: PickleValue) -> [PickleValue]? {
    guard let (_, node) = node(value), node.kind == .tuple || node.kind == .list else { return nil }
    return node.items
  }

  /// The items of a tuple.
  func tuple(_ value: PickleValue?) -> [PickleValue]? {
    guard let value, let (_, node) = node(value), node.kind == .tuple else { return nil }
    return node.items
  }

  /// The keys and values of a dictionary, in file order.
  func dictionary(_ value: PickleValue) -> [(key: PickleValue, value: PickleValue)]? {
    guard let (_, node) = node(value), node.kind == .dictionary else { return nil }
    return stride(from: 0, to: node.items.count - 1, by: 2).map {
      (node.items[$0], node.items[$0 + 1])
    }
  }

  /// Text, or 8-bit text read as Latin-1; nil for another value, malformed or longer than `limit`
  /// bytes of the file.
  func text(_ value: PickleValue, limit: Int = 256) -> String? {
    switch value {
    case .text(let range) where range.count <= limit:
      return String(validating: file.bytes(range), as: UTF8.self)
    case .bytes(.latin1InUTF8(let range)) where range.count <= limit:
      return String(validating: file.bytes(range), as: UTF8.self)
    case .bytes(.stored(let range)) where range.count <= limit:
      return String(String.UnicodeScalarView(file.bytes(range).map { Unicode.Scalar($0) }))
    default:
      return nil
    }
  }

  /// The name of a class or function of no known meaning, or of what it would make, as Python
  /// writes it; nil for another value.
  func foreignName(_ value: PickleValue) -> String? {
    guard let (_, node) = node(value), node.kind == .foreign || node.kind == .foreignName,
      node.items.count == 2, let module = text(node.items[0]), let name = text(node.items[1])
    else { return nil }
    return "\(module).\(name)"
  }

  /// What a value is, in words for a message.
  func description(of value: PickleValue) -> String {
    switch value {
    case .none: return "None"
    case .boolean: return "a truth value"
    case .integer(let integer): return "the integer \(integer)"
    case .longInteger: return "a long integer"
    case .real: return "a float"
    case .text, .bytes: return text(value).map { "the text \($0.quoted)" } ?? "long text"
    case .global: return "the name of a class or function"
    case .node:
      guard let (_, node) = node(value) else { return "nothing" }
      switch node.kind {
      case .tuple: return "a tuple of \(node.items.count)"
      case .list: return "a list of \(node.items.count)"
      case .dictionary: return "a dict of \(node.items.count / 2)"
      case .elementType: return "a NumPy dtype"
      case .array: return "a NumPy array"
      case .tensor, .typedTensor: return "a tensor"
      case .persistent: return "a storage"
      case .foreignName: return "the name of a class or function"
      case .foreign:
        return foreignName(value).map { "an object made by \($0.quoted)" } ?? "an object"
      }
    }
  }
}
