/// Finds the orientation that a camera recorded, in bytes that nobody vouches for.
///
/// Every offset is checked; whatever does not hold together counts as absent, since a picture
/// with broken notes is still a picture.
enum ExifOrientation {
  /// The orientation in a TIFF structure, else in XMP text, else upright.
  ///
  /// Values outside 1...8 count as upright; a value in the TIFF structure, even such a one, goes
  /// before XMP.
  static func find(exif: [UInt8], xmp: [UInt8]) -> Orientation {
    let value = tagValue(inTIFF: exif) ?? propertyValue(inXMP: xmp) ?? 1
    return Orientation(rawValue: value) ?? .upright
  }

  private static let orientationTag = 274

  /// Bytes and sign of the whole-number element types of TIFF 6.0 (page 15), by type code.
  private static let integerTypes: [Int: (size: Int, signed: Bool)] = [
    3: (2, false), 4: (4, false), 6: (1, true), 8: (2, true), 9: (4, true), 13: (4, false),
  ]

  /// The value of the tag in the first directory; the first whole entry counts.
  static func tagValue(inTIFF bytes: [UInt8]) -> Int? {
    let reader = TIFFReader(skippingRepeatedPrefix: bytes)
    guard let reader, let directory = reader.unsigned(at: 4, size: 4),
      let count = reader.unsigned(at: directory, size: 2)
    else { return nil }
    for index in 0..<count {
      let entry = directory + 2 + 12 * index
      guard let tag = reader.unsigned(at: entry, size: 2),
        let type = reader.unsigned(at: entry + 2, size: 2),
        let elements = reader.unsigned(at: entry + 4, size: 4),
        let place = reader.unsigned(at: entry + 8, size: 4)
      else { return nil }
      guard tag == orientationTag, elements > 0, let element = integerTypes[type] else { continue }
      let size = elements * element.size
      let offset = size <= 4 ? entry + 8 : place
      guard reader.holds(offset, size), let value = reader.unsigned(at: offset, size: element.size)
      else { continue }
      let bits = 8 * element.size
      return element.signed && value >> (bits - 1) == 1 ? value - 1 << bits : value
    }
    return nil
  }

  /// The digit of the first `tiff:Orientation="6"` or `tiff:Orientation>6`.
  static func propertyValue(inXMP bytes: [UInt8]) -> Int? {
    let name = Array("tiff:Orientation".utf8)
    guard bytes.count > name.count else { return nil }
    for start in 0..<(bytes.count - name.count) where bytes[start...].starts(with: name) {
      let rest = bytes[(start + name.count)...].prefix(3)
      let digit: UInt8? =
        rest.starts(with: "=\"".utf8)
        ? rest.dropFirst(2).first : rest.starts(with: ">".utf8) ? rest.dropFirst().first : nil
      if let digit, (48...57).contains(digit) { return Int(digit) - 48 }
    }
    return nil
  }
}

/// Bounds-checked numbers of a TIFF structure in its own byte order.
private struct TIFFReader {
  private let bytes: ArraySlice<UInt8>
  private let littleEndian: Bool

  /// Nil when `bytes` do not begin with a TIFF header.
  ///
  /// Some writers put the prefix of an Exif segment twice.
  init?(skippingRepeatedPrefix bytes: [UInt8]) {
    let repeated = bytes.starts(with: Array("Exif".utf8) + [0, 0])
    self.bytes = repeated ? bytes.dropFirst(6) : bytes[...]
    switch Array(self.bytes.prefix(4)) {
    case [0x49, 0x49, 0x2A, 0x00], [0x49, 0x49, 0x00, 0x2A]: littleEndian = true
    case [0x4D, 0x4D, 0x00, 0x2A], [0x4D, 0x4D, 0x2A, 0x00]: littleEndian = false
    default: return nil
    }
  }

  /// Whether `size` bytes lie at `offset`.
  func holds(_ offset: Int, _ size: Int) -> Bool {
    offset >= 0 && offset <= bytes.count && size <= bytes.count - offset
  }

  /// The number in `size` bytes at `offset`; nil when they are not all there.
  func unsigned(at offset: Int, size: Int) -> Int? {
    guard holds(offset, size) else { return nil }
    let first = bytes.startIndex + offset
    let number = bytes[first..<first + size]
    return littleEndian
      ? number.reversed().reduce(0) { $0 << 8 | Int($1) } : number.reduce(0) { $0 << 8 | Int($1) }
  }
}
