extension JSONValue {
  /// The value as a text of JSON on one line, members by name.
  ///
  /// Numbers are written so that reading gives the same ones; they must be finite.
  var json: String {
    switch self {
    case .object(let members):
      let listed = members.sorted { $0.key < $1.key }
        .map { "\(Self.string($0.key)):\($0.value.json)" }
      return "{\(listed.joined(separator: ","))}"
    case .array(let elements): return "[\(elements.map(\.json).joined(separator: ","))]"
    case .text(let text): return Self.string(text)
    case .number(let number): return integer.map { "\($0)" } ?? "\(number)"
    case .flag(let flag): return "\(flag)"
    case .null: return "null"
    }
  }

  /// A string with quotation marks around it.
  private static func string(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
