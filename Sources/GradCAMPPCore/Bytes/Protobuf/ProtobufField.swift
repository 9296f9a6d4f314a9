import GradCAMPPKernels

/// One field of a message, whose reader says what it takes the value for.
struct ProtobufField {
  /// How a value is written.
  enum Value {
    case varint(UInt64)
    /// Four or eight bytes.
    case fixed(Range<Int>)
    case bytes(Range<Int>)
  }

  let number: Int
  let value: Value
  /// Where the field's tag lies in the file.
  let place: Int
  /// The file that the field lies in.
  let file: MappedFile
  private let kind: ProtobufKind
  private let budget: ProtobufBudget
  private let depth: Int

  /// The most bytes of a name.
  static let longestName = 4096

  init(number: Int, value: Value, place: Int, message: ProtobufMessage) {
    self.number = number
    self.value = value
    self.place = place
    kind = message.kind
    budget = message.budget
    depth = message.depth
    file = message.file
  }

  /// A whole number.
  func integer() throws(GradCAMError) -> Int64 {
    guard case .varint(let bits) = value else { throw error("a whole number") }
    return Int64(bitPattern: bits)
  }

  /// A float32 number.
  func float() throws(GradCAMError) -> Float {
    guard case .fixed(let range) = value, range.count == 4 else { throw error("a float32") }
    return file.read(range) { Float(bitPattern: $0.integer(UInt32.self, at: 0, .little) ?? 0) }
  }

  /// Where the field's bytes lie in the file.
  func bytes() throws(GradCAMError) -> Range<Int> {
    guard case .bytes(let range) = value else { throw error("bytes") }
    return range
  }

  /// The message that the field is.
  func message(_ kind: ProtobufKind) throws(GradCAMError) -> ProtobufMessage {
    guard case .bytes(let range) = value else { throw error("a message") }
    guard depth < ProtobufMessage.deepest else {
      throw GradCAMError(
        .badData,
        "\(file.path) has messages within messages at byte \(place), more than "
          + "\(ProtobufMessage.deepest) deep")
    }
    try budget.takePart(file.path)
    return ProtobufMessage(ByteReader(file, range), kind, budget, depth: depth + 1)
  }

  /// UTF-8 text.
  func text() throws(GradCAMError) -> String {
    guard case .bytes(let range) = value else { throw error("text") }
    try budget.takePart(file.path)
    let text = file.read(range) { span in
      span.withUnsafeBytes { String(validating: $0, as: UTF8.self) }
    }
    guard let text else { throw error("text in UTF-8") }
    return text
  }

  /// Text of at most 4096 bytes without control characters.
  func name() throws(GradCAMError) -> String {
    let name = try text()
    guard name.utf8.count <= Self.longestName, name.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f })
    else { throw error("a printable name of at most \(Self.longestName) bytes") }
    return name
  }

  /// Calls `body` with each whole number of a repeated field, written one by one or packed.
  func forEachInteger(
    _ body: (Int64) throws(GradCAMError) -> Void
  ) throws(GradCAMError) {
    switch value {
    case .varint(let bits): try body(Int64(bitPattern: bits))
    case .bytes(let range):
      var reader = ByteReader(file, range)
      while reader.remaining > 0 {
        try body(Int64(bitPattern: try reader.varint(kind.name)))
      }
    case .fixed: throw error("whole numbers")
    }
  }

  /// Appends the whole numbers of a repeated field.
  func append(to numbers: inout [Int64]) throws(GradCAMError) {
    try budget.takeNumbers(try integerCount(), file.path)
    try forEachInteger { number in numbers.append(number) }
  }

  /// Appends the float32 numbers of a repeated field, written one by one or packed.
  func append(to numbers: inout [Float]) throws(GradCAMError) {
    let range = try fixedWidthBytes(4)
    try budget.takeNumbers(range.count / 4, file.path)
    file.read(range) { bytes in
      for offset in stride(from: 0, to: bytes.byteCount, by: 4) {
        numbers.append(
          Float(bitPattern: bytes.integer(UInt32.self, at: offset, .little) ?? 0))
      }
    }
  }

  /// How many whole numbers a repeated field holds, without keeping any.
  func integerCount() throws(GradCAMError) -> Int {
    switch value {
    case .varint: return 1
    case .fixed: throw error("whole numbers")
    case .bytes(let range):
      // The last byte of each number, and no other, is below 0x80.
      return file.read(range) { bytes in
        (0..<bytes.byteCount).count { bytes.unsafeLoad(fromByteOffset: $0, as: Int8.self) >= 0 }
      }
    }
  }

  /// Where the numbers of a repeated field of `width` bytes lie, one or packed.
  func fixedWidthBytes(_ width: Int) throws(GradCAMError) -> Range<Int> {
    switch value {
    case .fixed(let range) where range.count == width: return range
    case .bytes(let range) where range.count.isMultiple(of: width): return range
    default: throw error("numbers of \(width) bytes")
    }
  }

  /// The field is not what its message's definition says.
  func error(_ expected: String) -> GradCAMError {
    let found =
      switch value {
      case .varint: "a whole number"
      case .fixed(let range): "\(range.count) fixed bytes"
      case .bytes(let range): "\(range.count) bytes"
      }
    return GradCAMError(
      .badData,
      "\(file.path) has in \(kind.name), at byte \(place), a field \(number) of \(found); "
        + "expected \(expected)")
  }
}
