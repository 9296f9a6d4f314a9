/// A strict parser of the one Python literal that an .npy header is.
///
/// Only a dictionary with exactly the keys `descr`, `fortran_order` and `shape`, in any order, is
/// taken. Of a structured type (`descr` is a list) nothing but its presence is reported; the rest
/// of such a header is not read.
struct NPYHeaderLiteral {
  private let text: [UInt8]

  /// How far the text was understood.
  private(set) var position = 0

  init(_ text: [UInt8]) { self.text = text }

  /// The header's fields; nil when the text is anything else.
  mutating func fields() -> NPYHeader? {
    var elementType: String?
    var isFortranOrder: Bool?
    var shape: [Int]?
    guard take("{") else { return nil }
    while !take("}") {
      guard let key = string(), take(":") else { return nil }
      switch key {
      case "descr" where elementType == nil:
        if peek() == UInt8(ascii: "[") {
          return NPYHeader(elementType: nil, isFortranOrder: false, shape: [])
        }
        guard let value = string() else { return nil }
        elementType = value
      case "fortran_order" where isFortranOrder == nil:
        guard let value = boolean() else { return nil }
        isFortranOrder = value
      case "shape" where shape == nil:
        guard let value = tuple() else { return nil }
        shape = value
      default:
        return nil
      }
      guard take(",") || peek() == UInt8(ascii: "}") else { return nil }
    }
    guard peek() == nil, let elementType, let isFortranOrder, let shape else { return nil }
    return NPYHeader(elementType: elementType, isFortranOrder: isFortranOrder, shape: shape)
  }

  /// The next byte that is not white space.
  private mutating func peek() -> UInt8? {
    while position < text.count, text[position] == 0x20 || text[position] == 0x0a {
      position += 1
    }
    return position < text.count ? text[position] : nil
  }

  private mutating func take(_ word: String) -> Bool {
    guard peek() != nil, text[position...].starts(with: word.utf8) else { return false }
    position += word.utf8.count
    return true
  }

  /// Text between single or double quotes, without escapes.
  private mutating func string() -> String? {
    guard let quote = peek(), quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
      return nil
    }
    let rest = text[(position + 1)...]
    guard let end = rest.firstIndex(of: quote), !rest[..<end].contains(UInt8(ascii: "\\")) else {
      return nil
    }
    position = end + 1
    return String(decoding: rest[..<end], as: UTF8.self)
  }

  private mutating func boolean() -> Bool? {
    if take("True") { return true }
    return take("False") ? false : nil
  }

  /// `()`, `(3,)`, `(3, 4)`; Python 2 may write `3L`.
  private mutating func tuple() -> [Int]? {
    var extents: [Int] = []
    guard take("(") else { return nil }
    while !take(")") {
      guard let extent = extent() else { return nil }
      extents.append(extent)
      guard take(",") || (extents.count > 1 && peek() == UInt8(ascii: ")")) else { return nil }
    }
    return extents
  }

  private mutating func extent() -> Int? {
    guard peek() != nil else { return nil }
    let digits = text[position...].prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
    guard let extent = Int(String(decoding: digits, as: UTF8.self)) else { return nil }
    position = digits.endIndex
    if position < text.count, text[position] == UInt8(ascii: "L") { position += 1 }
    return extent
  }
}
