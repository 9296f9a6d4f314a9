import GradCAMPPKernels

/// A value of JSON (RFC 8259).
enum JSONValue: Sendable, Equatable {
  /// Members by name.
  indirect case object([String: JSONValue])
  /// Elements in order.
  indirect case array([JSONValue])
  /// A string.
  case text(String)
  /// A number.
  case number(Double)
  /// True or false.
  case flag(Bool)
  /// Nothing.
  case null

  /// The most bytes of a text that is built whole.
  static let longestText = 1 << 24

  /// The value that a text is; `name` is what messages call the text.
  ///
  /// Throws `badData` saying where it cannot be read.
  init(_ text: String, name: String) throws(GradCAMError) {
    let bytes = Array(text.utf8)
    guard bytes.count <= Self.longestText else {
      throw GradCAMError(
        .badData, "\(name) has \(bytes.count) bytes; expected \(Self.longestText) at most")
    }
    var reader = JSONReader(bytes)
    do throws(JSONReader.Fault) {
      self = try reader.value()
      try reader.end()
    } catch {
      throw GradCAMError(
        .badData, "\(name) cannot be read at byte \(error.position): expected \(error.expected)")
    }
  }

  /// A member of an object; nil for none, and for other values.
  subscript(name: String) -> JSONValue? {
    if case .object(let members) = self { members[name] } else { nil }
  }

  /// The elements of an array.
  var elements: [JSONValue]? {
    if case .array(let elements) = self { elements } else { nil }
  }

  /// A string.
  var text: String? {
    if case .text(let text) = self { text } else { nil }
  }

  /// A number.
  var number: Double? {
    if case .number(let number) = self { number } else { nil }
  }

  /// True or false.
  var flag: Bool? {
    if case .flag(let flag) = self { flag } else { nil }
  }

  /// A whole number, up to 2^53 either way.
  var integer: Int? {
    number.flatMap { abs($0) <= 0x1p53 ? Int(exactly: $0) : nil }
  }

  /// Whole numbers; one stands for a list of one.
  var integers: [Int]? {
    if let integer { return [integer] }
    guard let elements else { return nil }
    let found = elements.compactMap(\.integer)
    return found.count == elements.count ? found : nil
  }

  /// Numbers, lists within lists laid flat; one stands for a list of one.
  var numbers: [Double]? {
    if let number { return [number] }
    guard let elements else { return nil }
    var all: [Double] = []
    for element in elements {
      guard let found = element.numbers else { return nil }
      all += found
    }
    return all
  }

  /// For messages: the value, or what kind of thing it is.
  var description: String {
    switch self {
    case .object: "an object"
    case .array(let elements): integers.map { "\($0)" } ?? "a list of \(elements.count)"
    case .text(let text): text.quoted
    case .number(let number): integer.map { "\($0)" } ?? "\(number)"
    case .flag(let flag): "\(flag)"
    case .null: "null"
    }
  }
}
