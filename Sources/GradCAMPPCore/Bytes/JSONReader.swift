import GradCAMPPKernels

/// A strict reader of JSON (RFC 8259) that hands out one value after the other.
///
/// Nothing is built of values that nobody asks for: they are checked and passed over.
struct JSONReader {
  /// How far the text was understood, for a message.
  private(set) var position = 0

  private let text: [UInt8]

  /// Containers within containers that a text may have.
  private static let deepest = 64

  init(_ text: [UInt8]) { self.text = text }

  /// What is wrong with a text and where; the caller adds the file's name.
  struct Fault: Error {
    let position: Int
    let expected: String
  }

  /// An object: `member` is called with each key and must read the value.
  mutating func object(
    _ member: (String, inout JSONReader) throws(Fault) -> Void
  ) throws(Fault) {
    try take("{", "an object")
    if takeIfNext("}") { return }
    repeat {
      skipWhiteSpace()
      let key = try string()
      try take(":", "a colon")
      try member(key, &self)
    } while takeIfNext(",")
    try take("}", "a comma or the end of the object")
  }

  /// An array: `element` is called once for each and must read it.
  mutating func array(_ element: (inout JSONReader) throws(Fault) -> Void) throws(Fault) {
    try take("[", "an array")
    if takeIfNext("]") { return }
    repeat { try element(&self) } while takeIfNext(",")
    try take("]", "a comma or the end of the array")
  }

  /// A string, its escapes resolved.
  mutating func string() throws(Fault) -> String {
    try take("\"", "a string")
    var bytes: [UInt8] = []
    let start = position
    while true {
      guard position < text.count else { throw fault("the end of the string") }
      let byte = text[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: bytes, as: UTF8.self) else {
          throw Fault(position: start, expected: "UTF-8 text")
        }
        return string
      case UInt8(ascii: "\\"): bytes += Array(String(try escape()).utf8)
      case 0..<0x20: throw Fault(position: position - 1, expected: "no control character")
      default: bytes.append(byte)
      }
    }
  }

  /// A whole number from 0 up, written with digits alone.
  mutating func count() throws(Fault) -> Int {
    skipWhiteSpace()
    let start = position
    try number()
    guard let value = Int(String(decoding: text[start..<position], as: UTF8.self)), value >= 0,
      text[start] != UInt8(ascii: "-")
    else {
      throw Fault(position: start, expected: "a whole number from 0 to 2^63 - 1")
    }
    return value
  }

  /// A value of any kind, built whole; the caller bounds the text.
  mutating func value(depth: Int = 1) throws(Fault) -> JSONValue {
    skipWhiteSpace()
    guard depth <= Self.deepest else { throw fault("at most \(Self.deepest) levels") }
    guard position < text.count else { throw fault("a value") }
    switch text[position] {
    case UInt8(ascii: "{"):
      var members: [String: JSONValue] = [:]
      try object { (key, reader) throws(Fault) in
        guard members.updateValue(try reader.value(depth: depth + 1), forKey: key) == nil else {
          throw reader.fault("no second member named \(key.quoted)")
        }
      }
      return .object(members)
    case UInt8(ascii: "["):
      var elements: [JSONValue] = []
      try array { (reader) throws(Fault) in elements.append(try reader.value(depth: depth + 1)) }
      return .array(elements)
    case UInt8(ascii: "\""): return .text(try string())
    case UInt8(ascii: "t"):
      try word("true")
      return .flag(true)
    case UInt8(ascii: "f"):
      try word("false")
      return .flag(false)
    case UInt8(ascii: "n"):
      try word("null")
      return .null
    default:
      let start = position
      try number()
      guard let number = Double(String(decoding: text[start..<position], as: UTF8.self)) else {
        throw fault("a number")
      }
      return .number(number)
    }
  }

  /// Passes over a value of any kind.
  mutating func skipValue() throws(Fault) { try skipValue(depth: 1) }

  /// Nothing but white space may follow.
  mutating func end() throws(Fault) {
    skipWhiteSpace()
    guard position == text.count else { throw fault("nothing more") }
  }

  private mutating func skipValue(depth: Int) throws(Fault) {
    skipWhiteSpace()
    guard depth <= Self.deepest else { throw fault("at most \(Self.deepest) levels") }
    guard position < text.count else { throw fault("a value") }
    switch text[position] {
    case UInt8(ascii: "{"):
      try object { (_, reader) throws(Fault) in try reader.skipValue(depth: depth + 1) }
    case UInt8(ascii: "["):
      try array { (reader) throws(Fault) in try reader.skipValue(depth: depth + 1) }
    case UInt8(ascii: "\""): _ = try string()
    case UInt8(ascii: "t"): try word("true")
    case UInt8(ascii: "f"): try word("false")
    case UInt8(ascii: "n"): try word("null")
    default: try number()
    }
  }

  /// The character that an escape stands for; its backslash is already read.
  private mutating func escape() throws(Fault) -> Unicode.Scalar {
    guard position < text.count else { throw fault("the rest of an escape") }
    position += 1
    switch text[position - 1] {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      let first = try hexadecimal()
      if let scalar = Unicode.Scalar(first) { return scalar }
      // A character beyond U+FFFF is two escapes: D800 to DBFF, then DC00 to DFFF.
      guard first < 0xdc00, position + 1 < text.count, text[position] == UInt8(ascii: "\\"),
        text[position + 1] == UInt8(ascii: "u")
      else { throw fault("the second half of a pair") }
      position += 2
      let second = try hexadecimal()
      guard 0xdc00..<0xe000 ~= second,
        let scalar = Unicode.Scalar(0x10000 + (first - 0xd800) << 10 + (second - 0xdc00))
      else { throw fault("the second half of a pair") }
      return scalar
    default: throw Fault(position: position - 1, expected: "an escape of JSON")
    }
  }

  private mutating func hexadecimal() throws(Fault) -> UInt32 {
    guard text.count - position >= 4 else { throw fault("four hexadecimal digits") }
    var value: UInt32 = 0
    for byte in text[position..<position + 4] {
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
        throw fault("four hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
    }
    position += 4
    return value
  }

  /// `-`, digits without a leading zero, a fraction, an exponent.
  private mutating func number() throws(Fault) {
    _ = takeByte { $0 == UInt8(ascii: "-") }
    if !takeByte({ $0 == UInt8(ascii: "0") }) { try digits("a value") }
    if takeByte({ $0 == UInt8(ascii: ".") }) { try digits("a digit") }
    if takeByte({ $0 | 0x20 == UInt8(ascii: "e") }) {
      _ = takeByte { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }
      try digits("a digit")
    }
  }

  private mutating func digits(_ expected: String) throws(Fault) {
    let start = position
    while takeByte({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) {}
    guard position > start else { throw fault(expected) }
  }

  private mutating func word(_ word: String) throws(Fault) {
    for byte in word.utf8 {
      guard takeByte({ $0 == byte }) else { throw fault(word) }
    }
  }

  private mutating func skipWhiteSpace() {
    while takeByte({ $0 == 0x20 || $0 == 0x0a || $0 == 0x0d || $0 == 0x09 }) {}
  }

  private mutating func take(_ mark: Unicode.Scalar, _ expected: String) throws(Fault) {
    guard takeIfNext(mark) else { throw fault(expected) }
  }

  private mutating func takeIfNext(_ mark: Unicode.Scalar) -> Bool {
    skipWhiteSpace()
    return takeByte { $0 == UInt8(ascii: mark) }
  }

  private mutating func takeByte(_ isWanted: (UInt8) -> Bool) -> Bool {
    guard position < text.count, isWanted(text[position]) else { return false }
    position += 1
    return true
  }

  private func fault(_ expected: String) -> Fault {
    Fault(position: position, expected: expected)
  }
}
