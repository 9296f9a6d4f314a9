import GradCAMPPKernels

/// An extent of an input or output.
public enum ONNXDimension: Sendable, Equatable {
  /// It is known.
  case fixed(Int)
  /// It has a name, such as "batch": the same in one run wherever that name stands.
  case symbolic(String)
  /// Nothing is said.
  case unknown
}

/// An input or output of a graph.
public struct ONNXValueInfo: Sendable, Equatable {
  /// The name.
  public let name: String

  /// What the elements are; nil when nothing is said.
  public let type: ONNXElementType?

  /// The extents, outermost first; nil when not even their number is said.
  public let dimensions: [ONNXDimension]?
}

extension ONNXValueInfo {
  private static let kind = ProtobufKind("an input or output", singular: [1, 2])
  private static let typeKind = ProtobufKind("a type", singular: [1, 4, 5, 7, 8, 9])
  private static let tensorKind = ProtobufKind("a tensor's type", singular: [1, 2])
  private static let shapeKind = ProtobufKind("a shape", singular: [])
  private static let dimensionKind = ProtobufKind("a dimension", singular: [1, 2])

  /// Names of types that are no tensors, by the number of their field.
  private static let otherTypes = [
    4: "a sequence", 5: "a map", 7: "an opaque value", 8: "a sparse tensor", 9: "an optional",
  ]

  /// Reads a ValueInfoProto; `role` is "input" or "output".
  init(_ field: ProtobufField, _ role: String) throws(GradCAMError) {
    var message = try field.message(Self.kind)
    var name = ""
    var types: ProtobufField?
    while let field = try message.next() {
      switch field.number {
      case 1: name = try field.name()
      case 2: types = field
      default: break
      }
    }
    let path = field.file.path
    guard !name.isEmpty else {
      throw GradCAMError(.badData, "\(path): the \(role) at byte \(field.place) has no name")
    }
    var code: Int64 = 0
    var dimensions: [ONNXDimension]?
    var typeMessage = try types?.message(Self.typeKind)
    while let field = try typeMessage?.next() {
      if let other = Self.otherTypes[field.number] {
        throw GradCAMError(
          .badData, "\(path): \(role) \(name.quoted) is \(other); expected a tensor")
      }
      guard field.number == 1 else { continue }
      var message = try field.message(Self.tensorKind)
      while let field = try message.next() {
        switch field.number {
        case 1: code = try field.integer()
        case 2: dimensions = try Self.dimensions(field, "\(path): \(role) \(name.quoted)")
        default: break
        }
      }
    }
    guard code == 0 || ONNXElementType(rawValue: code) != nil else {
      throw GradCAMError(
        .badData,
        "\(path): \(role) \(name.quoted) holds elements of type "
          + "\(ONNXElementType.name(code: code)); expected floating-point or whole numbers")
    }
    self.name = name
    self.type = ONNXElementType(rawValue: code)
    self.dimensions = dimensions
  }

  private static func dimensions(
    _ field: ProtobufField, _ subject: String
  ) throws(GradCAMError) -> [ONNXDimension] {
    var message = try field.message(shapeKind)
    var dimensions: [ONNXDimension] = []
    while let field = try message.next() {
      guard field.number == 1 else { continue }
      guard dimensions.count < ONNXTensorHeader.mostAxes else {
        throw field.error("at most \(ONNXTensorHeader.mostAxes) dimensions")
      }
      var message = try field.message(dimensionKind)
      var dimension = ONNXDimension.unknown
      while let field = try message.next() {
        switch field.number {
        case 1:
          let extent = try field.integer()
          // Some exporters write -1 for what they do not know.
          guard extent >= -1 else {
            throw GradCAMError(
              .badData, "\(subject) has a dimension of \(extent); expected 0 or more")
          }
          dimension = extent == -1 ? .unknown : .fixed(Int(extent))
        case 2:
          let name = try field.name()
          dimension = name.isEmpty ? .unknown : .symbolic(name)
        default: break
        }
      }
      dimensions.append(dimension)
    }
    return dimensions
  }
}
