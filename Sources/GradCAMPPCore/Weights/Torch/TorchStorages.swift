import GradCAMPPKernels

/// Where the storages of a PyTorch file lie: rows of numbers that tensors are views of.
struct TorchStorages {
  let file: MappedFile

  /// The order of a number's bytes.
  let order: ByteOrder

  /// The bytes of each storage, by the key that the pickle names it with.
  let places: [String: Range<Int>]
}

/// What a pickle says of a storage: `("storage", type, key, location, count, view)`.
///
/// The sixth item stands in the older format alone. It is None, or for a part of another storage
/// the part's key, its first element and its count.
struct TorchStorageReference {
  /// The element type; nil for bytes, whose tensors name a type of their own.
  let type: TorchElementType?

  let key: String

  /// The number of elements of the whole storage.
  let count: Int

  /// The elements that are meant.
  let part: Range<Int>

  /// Nil for anything but such a tuple.
  init?(_ value: PickleValue, _ document: PickleDocument) {
    guard let (_, node) = document.node(value), node.kind == .persistent else { return nil }
    self.init(node, document)
  }

  init?(_ node: PickleNode, _ document: PickleDocument) {
    let items = node.items
    guard items.count == 5 || items.count == 6, document.text(items[0]) == "storage",
      case .global(let global) = items[1], let key = document.text(items[2]),
      case .integer(let count) = items[4], count >= 0
    else { return nil }
    switch global {
    case .storageType(let type): self.type = type
    case .untypedStorage: type = nil
    default: return nil
    }
    self.key = key
    self.count = count
    guard items.count == 6, let view = document.tuple(items[5]) else {
      if items.count == 6, case .none = items[5] {} else if items.count == 6 { return nil }
      part = 0..<count
      return
    }
    guard view.count == 3, case .integer(let first) = view[1], case .integer(let size) = view[2],
      0...count ~= first, 0...count - first ~= size
    else { return nil }
    part = first..<first + size
  }
}
