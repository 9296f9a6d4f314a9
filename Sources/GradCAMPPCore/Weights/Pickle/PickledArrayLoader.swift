import GradCAMPPKernels

/// Makes weights of a pickle's arrays, each once however often it is referred to.
///
/// Row-major float32 numbers of this machine's byte order stay in the file; others are converted.
struct PickledArrayLoader {
  private let document: PickleDocument
  private var arrays: [Int: WeightArray] = [:]
  private var convertedBytes = 0
  /// Numbers of all arrays so far.
  private var count = 0

  init(_ document: PickleDocument) { self.document = document }

  /// The array that a value is; `name` is what messages call it.
  mutating func array(
    _ value: PickleValue, _ name: String
  ) throws(GradCAMError) -> WeightArray {
    guard let (number, node) = document.node(value), node.kind == .array else {
      throw error("\(name) is \(document.description(of: value)); expected a NumPy array")
    }
    if let array = arrays[number] { return array }
    let pickled = try PickledArray(node, document, name: name)
    guard case .numbers(let format, let bytes) = pickled.contents else {
      throw error("\(name) is a NumPy array of Python objects; expected numbers")
    }
    // A shape is of up to 2^60 numbers, of which a file may hold none.
    let (sum, overflow) = count.addingReportingOverflow(pickled.shape.count)
    count = overflow ? 1 << 60 : min(sum, 1 << 60)
    try document.file.limits.checkWeights(count: count, path: document.file.path)
    let array = try array(pickled, format, bytes, name)
    arrays[number] = array
    return array
  }

  private mutating func array(
    _ pickled: PickledArray, _ format: FloatFormat, _ bytes: PickleBytes, _ name: String
  ) throws(GradCAMError) -> WeightArray {
    let shape = pickled.shape
    let isRowMajor = !pickled.isFirstAxisInnermost || shape.rank < 2
    switch bytes {
    case .stored(let range):
      try check(range.count, shape, format, name)
      if isRowMajor && format.isNativeSingle {
        return WeightArray(document.file, offset: range.lowerBound, shape: shape)
      }
      try reserve(shape, name)
      return WeightArray(
        try document.file.read(range) { bytes throws(GradCAMError) in
          try format.tensor(bytes, shape: shape, firstAxisInnermost: !isRowMajor)
        })
    case .latin1InUTF8(let range):
      try reserve(shape, name)
      let slot = TensorSlot(offset: 0, shape: Shape([shape.count * format.width.byteCount]))
      // A byte takes one or two of the text's.
      guard slot.shape.count...2 * slot.shape.count ~= range.count else {
        throw error(
          "\(name) of shape \(shape) is text of \(range.count) bytes; expected \(slot.shape.count) to "
            + "\(2 * slot.shape.count)")
      }
      let decoded = try Latin1Text.bytes(document.file, range, room: slot.shape.count)
      guard let decoded else {
        throw error("\(name) is text at byte \(range.lowerBound) that does not stand for bytes")
      }
      try check(decoded.count, shape, format, name)
      return WeightArray(
        try decoded.bytes.read(slot) { bytes throws(GradCAMError) in
          try format.tensor(bytes.bytes, shape: shape, firstAxisInnermost: !isRowMajor)
        })
    }
  }

  private func check(
    _ count: Int, _ shape: Shape, _ format: FloatFormat, _ name: String
  ) throws(GradCAMError) {
    let expected = shape.count * format.width.byteCount
    guard count == expected else {
      throw error("\(name) of shape \(shape) holds \(count) bytes; expected \(expected)")
    }
  }

  /// Counts the memory that a conversion takes.
  ///
  /// float16 doubles in size and nothing grows more, so a file whose arrays take more refers to the
  /// same bytes again and again.
  private mutating func reserve(_ shape: Shape, _ name: String) throws(GradCAMError) {
    let (total, overflow) = convertedBytes.addingReportingOverflow(shape.count * 4)
    guard !overflow, total <= 2 * document.file.count else {
      throw error("\(name) and the arrays before it are larger than the file can hold")
    }
    convertedBytes = total
  }

  private func error(_ sentence: String) -> GradCAMError {
    GradCAMError(.badData, "\(document.file.path): \(sentence)")
  }
}
