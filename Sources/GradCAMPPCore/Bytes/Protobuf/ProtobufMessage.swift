import GradCAMPPKernels

/// A kind of message: what sentences call it, and which of its fields occur once.
struct ProtobufKind: Sendable {
  /// With its article, as in "a node".
  let name: String

  /// The numbers, below 64, of fields that may not occur twice.
  let singular: UInt64

  init(_ name: String, singular: [UInt64]) {
    self.name = name
    self.singular = singular.reduce(0) { $0 | 1 << $1 }
  }
}

/// Reads the fields of one message of protobuf's wire format, one after the other.
///
/// https://protobuf.dev/programming-guides/encoding: a field is a tag (its number and how its value
/// is written), then the value; a message within a message is written as its length and its fields.
/// Fields that nobody asks about are passed over. A singular field that occurs twice is refused:
/// programs differ in which of the two they believe.
struct ProtobufMessage {
  /// Messages within messages that a file may have.
  static let deepest = 64

  let kind: ProtobufKind
  let budget: ProtobufBudget
  let depth: Int
  private var reader: ByteReader
  private var seen: UInt64 = 0

  /// The message that a whole file is.
  init(_ file: MappedFile, _ kind: ProtobufKind, _ budget: ProtobufBudget) {
    self.init(ByteReader(file), kind, budget, depth: 1)
  }

  init(_ reader: ByteReader, _ kind: ProtobufKind, _ budget: ProtobufBudget, depth: Int) {
    self.kind = kind
    self.budget = budget
    self.depth = depth
    self.reader = reader
    place = reader.offset
  }

  /// Where the message's first field lies in the file.
  let place: Int

  /// The file that the message lies in.
  var file: MappedFile { reader.file }

  /// The next field; nil at the end of the message.
  mutating func next() throws(GradCAMError) -> ProtobufField? {
    guard reader.remaining > 0 else { return nil }
    let place = reader.offset
    let tag = try reader.varint(kind.name)
    guard 8...UInt64(UInt32.max) ~= tag else {
      throw error(place, "a field tagged \(tag); expected a field number from 1 to 2^29 - 1")
    }
    let number = Int(tag >> 3)
    let bit: UInt64 = number < 64 ? 1 << UInt64(number) : 0
    guard seen & bit & kind.singular == 0 else {
      throw error(place, "a second field \(number); expected one")
    }
    seen |= bit
    let value: ProtobufField.Value
    switch tag & 7 {
    case 0: value = .varint(try reader.varint(kind.name))
    case 1: value = .fixed(try reader.skip(8, kind.name))
    case 2:
      let count = try reader.varint(kind.name)
      guard count <= UInt64(reader.remaining) else {
        throw error(
          place, "a field \(number) of \(count) bytes; \(reader.remaining) are left for it")
      }
      value = .bytes(try reader.skip(Int(count), kind.name))
    case 5: value = .fixed(try reader.skip(4, kind.name))
    default:
      throw error(
        place, "a field \(number) of wire type \(tag & 7), of which no field of such a file is")
    }
    return ProtobufField(number: number, value: value, place: place, message: self)
  }

  private func error(_ place: Int, _ found: String) -> GradCAMError {
    GradCAMError(.badData, "\(file.path) has in \(kind.name), at byte \(place), \(found)")
  }
}
