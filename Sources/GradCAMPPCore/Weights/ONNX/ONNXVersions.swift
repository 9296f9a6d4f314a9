import GradCAMPPKernels

/// The versions of operator sets that a model or function imports.
public struct ONNXVersions: Sendable {
  /// Versions of the file format (`ir_version`) that are read.
  public static let formats = 3...12

  /// Versions of ONNX's own operators that are read.
  public static let operators = 7...24

  /// Versions by domain; "" is ONNX's own.
  public private(set) var byDomain: [String: Int] = [:]

  /// The version of a domain's operators, if they are imported.
  public subscript(domain: String) -> Int? { byDomain[domain] }

  /// A domain, under one name where ONNX has two.
  static func domain(_ name: String) -> String { name == "ai.onnx" ? "" : name }
}

extension ONNXVersions {
  private static let kind = ProtobufKind("an operator set", singular: [1, 2])

  /// Adds an OperatorSetIdProto.
  mutating func add(_ field: ProtobufField) throws(GradCAMError) {
    var message = try field.message(Self.kind)
    var domain = ""
    var version: Int64 = 0
    while let field = try message.next() {
      switch field.number {
      case 1: domain = Self.domain(try field.name())
      case 2: version = try field.integer()
      default: break
      }
    }
    let path = field.file.path
    let name = domain.isEmpty ? "ONNX's own operators" : "the operators of \(domain.quoted)"
    let expected = domain.isEmpty ? Self.operators : 1...Int(Int32.max)
    guard expected.contains(Int(version)) else {
      throw GradCAMError(
        .badData,
        "\(path) uses version \(version) of \(name); expected \(expected.lowerBound) to "
          + "\(expected.upperBound)")
    }
    if let other = byDomain.updateValue(Int(version), forKey: domain) {
      throw GradCAMError(
        .badData, "\(path) imports \(name) twice, in version \(other) and in version \(version)")
    }
  }
}
