/// A value that a pickle describes: inert, small, without a destructor that could recurse.
///
/// Text and bytes are places in the file. Containers are numbers of nodes in the document, so
/// values that share or contain one another, even themselves, cost nothing and keep nothing alive.
enum PickleValue {
  case none
  case boolean(Bool)
  case integer(Int)
  /// An integer of more than 64 bits.
  case longInteger
  case real
  /// UTF-8 text.
  case text(Range<Int>)
  case bytes(PickleBytes)
  case global(PickleGlobal)
  case node(Int)
}

/// Where a pickle's bytes lie in the file.
enum PickleBytes: Equatable {
  /// As they are.
  case stored(Range<Int>)
  /// As UTF-8 text with one character below 256 for each byte: Python 3's protocol 2.
  case latin1InUTF8(Range<Int>)
}

/// A value that refers to other values.
struct PickleNode {
  enum Kind {
    case tuple
    case list
    /// Keys and values alternate in `items`.
    case dictionary
    /// A NumPy element type: `items` are the arguments of `numpy.dtype`.
    case elementType
    /// A NumPy array: `items` are the arguments of `_reconstruct`.
    case array
    /// A tensor of PyTorch: `items` are the arguments of `_rebuild_tensor_v2`.
    case tensor
    /// A tensor of an element type without a storage type: likewise of `_rebuild_tensor_v3`.
    case typedTensor
    /// Something outside the pickle: `items` are its persistent identifier.
    case persistent
    /// A class or function of no known meaning: `items` are its module and its name, two texts.
    case foreignName
    /// What one of those would make: `items` are the same, or empty where nothing is known.
    case foreign
  }

  let kind: Kind
  var items: [PickleValue]

  /// What a BUILD operation gave an element type, an array or a tensor.
  var state: PickleValue?
}
