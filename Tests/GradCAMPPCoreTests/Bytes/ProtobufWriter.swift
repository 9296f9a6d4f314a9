/// Writes protobuf's wire format, well-formed or not, for tests.
struct ProtobufWriter {
  private(set) var bytes: [UInt8] = []

  /// A message of these fields.
  init(_ fields: (inout ProtobufWriter) -> Void = { _ in }) { fields(&self) }

  /// Bytes as they are.
  mutating func raw(_ bytes: [UInt8]) { self.bytes += bytes }

  mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  mutating func tag(_ number: Int, wire: Int) { varint(UInt64(number << 3 | wire)) }

  mutating func integer(_ number: Int, _ value: Int64) {
    tag(number, wire: 0)
    varint(UInt64(bitPattern: value))
  }

  mutating func float(_ number: Int, _ value: Float) {
    tag(number, wire: 5)
    bytes += Self.bytes([value])
  }

  mutating func bytes(_ number: Int, _ value: [UInt8]) {
    tag(number, wire: 2)
    varint(UInt64(value.count))
    bytes += value
  }

  mutating func text(_ number: Int, _ value: String) { bytes(number, Array(value.utf8)) }

  mutating func message(_ number: Int, _ fields: (inout ProtobufWriter) -> Void) {
    bytes(number, ProtobufWriter(fields).bytes)
  }

  /// Whole numbers in one field.
  mutating func packed(_ number: Int, _ values: [Int64]) {
    var writer = ProtobufWriter()
    for value in values { writer.varint(UInt64(bitPattern: value)) }
    bytes(number, writer.bytes)
  }

  /// The bytes of numbers, little-endian.
  static func bytes<Number: BitwiseCopyable>(_ numbers: [Number]) -> [UInt8] {
    numbers.withUnsafeBytes { Array($0) }
  }
}
