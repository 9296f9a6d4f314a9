import GradCAMPPKernels

/// A NumPy array as a pickle describes it.
///
/// The pickle calls `numpy.dtype(code, 0, 1)` with the state `(3, byte order, ...)`, and
/// `_reconstruct` with the state `(1, shape, dtype, first axis innermost, bytes or list)`.
struct PickledArray {
  enum Contents {
    /// Numbers, `shape.count` of them.
    case numbers(FloatFormat, PickleBytes)
    /// Python objects, `shape.count` of them.
    case objects([PickleValue])
  }

  let shape: Shape
  let isFirstAxisInnermost: Bool
  let contents: Contents

  /// Weights have four axes at most; NumPy allows 64.
  private static let rankLimit = 8

  /// Reads the description; `name` is what messages call the array, such as `"fc6/weights"`.
  init(_ node: PickleNode, _ document: PickleDocument, name: String) throws(GradCAMError) {
    let path = document.file.path
    guard node.kind == .array, let state = document.tuple(node.state), state.count == 5,
      case .integer(1) = state[0], let isFirstAxisInnermost = Self.flag(state[3]),
      let elementType = document.node(state[2])?.node
    else {
      throw GradCAMError(.badData, "\(path): \(name) is no NumPy array as numpy.save writes it")
    }
    let format = try Self.format(elementType, document, name)
    let extents = (document.tuple(state[1]) ?? [.none]).map { extent in
      if case .integer(let extent) = extent { extent } else { -1 }
    }
    guard extents.count <= Self.rankLimit, !extents.contains(0),
      let shape = Shape(checking: extents, elementSize: 8)
    else {
      let shown = extents.prefix(Self.rankLimit).map(String.init).joined(separator: ", ")
      throw GradCAMError(
        .badData,
        """
        \(path): \(name) has the impossible shape (\(shown)); expected up to \(Self.rankLimit) \
        positive extents
        """)
    }
    self.shape = shape
    self.isFirstAxisInnermost = isFirstAxisInnermost
    if let format, case .bytes(let bytes) = state[4] {
      contents = .numbers(format, bytes)
    } else if format == nil, let objects = document.sequence(state[4]),
      objects.count == shape.count
    {
      contents = .objects(objects)
    } else {
      throw GradCAMError(
        .badData,
        """
        \(path): \(name) of shape \(shape) holds \(document.description(of: state[4])), which does \
        not fit its dtype
        """)
    }
  }

  private static func flag(_ value: PickleValue) -> Bool? {
    switch value {
    case .boolean(let flag): flag
    case .integer(0): false
    case .integer(1): true
    default: nil
    }
  }

  /// The format of numbers; nil for Python objects.
  private static func format(
    _ node: PickleNode, _ document: PickleDocument, _ name: String
  ) throws(GradCAMError) -> FloatFormat? {
    guard node.kind == .elementType, let first = node.items.first,
      let code = document.text(first), let state = document.tuple(node.state), state.count >= 2,
      let order = document.text(state[1])
    else {
      throw GradCAMError(
        .badData, "\(document.file.path): \(name) has no NumPy dtype as numpy.save writes it")
    }
    if code == "O" || code == "O8" || code == "O4" { return nil }
    let widths: [String: FloatFormat.Width] = ["f2": .half, "f4": .single, "f8": .double]
    let orders: [String: ByteOrder] = ["<": .little, ">": .big, "=": .native, "|": .native]
    guard let width = widths[code], let order = orders[order] else {
      throw GradCAMError(
        .badData,
        """
        \(document.file.path): \(name) is of NumPy dtype \((order + code).quoted); expected \
        float16, float32 or float64
        """)
    }
    return FloatFormat(width, order)
  }
}
