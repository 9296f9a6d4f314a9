import GradCAMPPKernels

/// An entry as the central directory of a ZIP archive describes it (APPNOTE.TXT 4.3.12).
struct ZipHeader {
  let name: String

  /// Where the local header begins.
  let place: Int

  /// The size in the file.
  let size: Int

  /// How the contents are compressed; 0 for not at all.
  let method: Int

  private let flags: UInt16

  private static let signature: UInt32 = 0x0201_4b50
  private static let localSignature: UInt32 = 0x0403_4b50
  /// Bit of `flags`: the contents are encrypted.
  private static let isEncrypted: UInt16 = 1
  /// Bit of `flags`: the local header leaves sizes out, a descriptor follows the contents.
  private static let hasDescriptor: UInt16 = 8

  /// Reads the next header of the directory.
  init(_ reader: inout ByteReader) throws(GradCAMError) {
    let path = reader.file.path
    let what = "an entry of the directory"
    guard try reader.integer(UInt32.self, what) == Self.signature else {
      throw GradCAMError(
        .badData,
        "\(path) is damaged: expected an entry of its directory at byte "
          + "\(reader.offset - 4)")
    }
    _ = try reader.skip(4, what)  // versions of ZIP
    flags = try reader.integer(UInt16.self, what)
    method = Int(try reader.integer(UInt16.self, what))
    _ = try reader.skip(8, what)  // time, date, checksum
    let stored = try reader.integer(UInt32.self, what)
    let whole = try reader.integer(UInt32.self, what)
    let nameSize = Int(try reader.integer(UInt16.self, what))
    let extraSize = Int(try reader.integer(UInt16.self, what))
    let commentSize = Int(try reader.integer(UInt16.self, what))
    let disk = try reader.integer(UInt16.self, what)
    _ = try reader.skip(6, what)  // attributes
    let local = try reader.integer(UInt32.self, what)
    guard let name = String(validating: try reader.bytes(nameSize, what), as: UTF8.self) else {
      throw GradCAMError(.badData, "\(path) is damaged: an entry's name is no UTF-8 text")
    }
    self.name = name
    let wide = try Self.wide(try reader.bytes(extraSize, what), name, path)
    _ = try reader.skip(commentSize, what)
    guard flags & Self.isEncrypted == 0 else {
      throw GradCAMError(.badData, "\(path): the entry \(name.quoted) is encrypted")
    }
    // Numbers that are all ones here stand in the extra field, in this order.
    var rest = wide[...]
    func number(_ narrow: UInt32) -> UInt64? {
      narrow == .max ? rest.popFirst() : UInt64(narrow)
    }
    let wholeSize = number(whole)
    let storedSize = number(stored)
    guard let wholeSize, let storedSize, let size = Int(exactly: storedSize),
      let place = number(local).flatMap({ Int(exactly: $0) }), disk == 0,
      method != 0 || storedSize == wholeSize
    else {
      throw GradCAMError(
        .badData, "\(path) is damaged: sizes or place of the entry \(name.quoted) are impossible")
    }
    self.size = size
    self.place = place
  }

  /// The 64-bit numbers of an extra field, which is a row of identifiers, sizes and contents.
  private static func wide(
    _ extra: [UInt8], _ name: String, _ path: String
  ) throws(GradCAMError) -> [UInt64] {
    let bytes = extra.span.bytes
    var place = 0
    while place < extra.count {
      guard let identifier = bytes.integer(UInt16.self, at: place, .little),
        let size = bytes.integer(UInt16.self, at: place + 2, .little),
        Int(size) <= extra.count - place - 4
      else {
        throw GradCAMError(
          .badData, "\(path) is damaged: the extra field of the entry \(name.quoted) is cut short")
      }
      if identifier == 1 {
        return (0..<Int(size) / 8).compactMap {
          bytes.integer(UInt64.self, at: place + 4 + $0 * 8, .little)
        }
      }
      place += 4 + Int(size)
    }
    return []
  }

  /// Where the contents lie, which the local header's size tells; they end before byte `limit`.
  func contents(_ file: MappedFile, before limit: Int) throws(GradCAMError) -> Range<Int> {
    guard place <= limit else {
      throw error(file, "begins at byte \(place), behind the entries, which end at byte \(limit)")
    }
    var reader = ByteReader(file, place..<limit)
    let what = "the header of the entry \(name.quoted)"
    guard try reader.integer(UInt32.self, what) == Self.localSignature else {
      throw error(file, "has no header at byte \(place)")
    }
    _ = try reader.skip(2, what)  // version of ZIP
    let localFlags = try reader.integer(UInt16.self, what)
    let localMethod = Int(try reader.integer(UInt16.self, what))
    _ = try reader.skip(8, what)  // time, date, checksum
    let localSize = try reader.integer(UInt32.self, what)
    _ = try reader.skip(4, what)  // the size before compression
    let nameSize = Int(try reader.integer(UInt16.self, what))
    let extraSize = Int(try reader.integer(UInt16.self, what))
    let localName = try reader.bytes(nameSize, what)
    _ = try reader.skip(extraSize, what)
    let leavesSizesOut = localFlags & Self.hasDescriptor != 0 && localSize == 0
    guard localName == Array(name.utf8), localMethod == method,
      leavesSizesOut || localSize == .max || Int(localSize) == size
    else { throw error(file, "has another name, size or method in its own header") }
    return try reader.skip(size, "the entry \(name.quoted)")
  }

  private func error(_ file: MappedFile, _ sentence: String) -> GradCAMError {
    GradCAMError(.badData, "\(file.path) is damaged: the entry \(name.quoted) \(sentence)")
  }
}
