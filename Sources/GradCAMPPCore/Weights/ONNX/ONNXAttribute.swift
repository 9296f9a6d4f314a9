import GradCAMPPKernels

/// A named parameter of a node.
public struct ONNXAttribute: Sendable {
  /// A value of one of the types that operators of networks have.
  public enum Value: Sendable {
    /// `FLOAT`.
    case float(Float)
    /// `INT`.
    case integer(Int64)
    /// `STRING`.
    case text(String)
    /// `TENSOR`.
    case tensor(ONNXTensor)
    /// `FLOATS`.
    case floats([Float])
    /// `INTS`.
    case integers([Int64])
    /// `STRINGS`.
    case texts([String])
    /// In a function: the value of an attribute of the node that calls it.
    case reference(String)
    /// What only control flow, sequences and sparse tensors have; it is not read.
    case unread(String)
  }

  /// The name, unique in its node.
  public let name: String

  /// The value.
  public let value: Value

  /// An attribute.
  public init(name: String, value: Value) {
    self.name = name
    self.value = value
  }
}

extension ONNXAttribute {
  static let kind = ProtobufKind("an attribute", singular: [1, 2, 3, 4, 5, 6, 14, 20, 21, 22])

  /// The fields that hold a value: their number, the type that they go with, and its name.
  private static let fields: [(number: Int, type: Int64, name: String)] = [
    (2, 1, "a float"), (3, 2, "an integer"), (4, 3, "a text"), (5, 4, "a tensor"),
    (6, 5, "a graph"), (7, 6, "floats"), (8, 7, "integers"), (9, 8, "texts"), (10, 9, "tensors"),
    (11, 10, "graphs"), (22, 11, "a sparse tensor"), (23, 12, "sparse tensors"), (14, 13, "a type"),
    (15, 14, "types"),
  ]

  /// Reads an AttributeProto.
  ///
  /// A value of zero may be left out where the type is given; the type, where a value is.
  init(_ message: ProtobufMessage, _ files: ONNXFiles) throws(GradCAMError) {
    var message = message
    let place = message.place
    var name = ""
    var reference = ""
    var type: Int64 = 0
    var found: Set<Int> = []
    var float: Float = 0
    var integer: Int64 = 0
    var text = ""
    var tensor: ONNXTensor?
    var floats: [Float] = []
    var integers: [Int64] = []
    var texts: [String] = []
    while let field = try message.next() {
      switch field.number {
      case 1: name = try field.name()
      case 2: float = try field.float()
      case 3: integer = try field.integer()
      case 4: text = try field.text()
      case 5: tensor = try ONNXTensor(try field.message(ONNXTensorHeader.kind), files)
      case 7: try field.append(to: &floats)
      case 8: try field.append(to: &integers)
      case 9: texts.append(try field.text())
      case 20: type = try field.integer()
      case 21: reference = try field.name()
      default: break
      }
      if Self.fields.contains(where: { $0.number == field.number }) { found.insert(field.number) }
    }
    func error(_ sentence: String) -> GradCAMError {
      GradCAMError(
        .badData, "\(message.file.path): attribute \(name.quoted) at byte \(place) \(sentence)")
    }
    guard !name.isEmpty else { throw error("has no name") }
    let names = Self.fields.filter { found.contains($0.number) }.map(\.name)
    guard found.count <= 1, reference.isEmpty || found.isEmpty else {
      throw error("has \(names.joined(separator: " and ")); expected one value")
    }
    self.name = name
    guard reference.isEmpty else {
      value = .reference(reference)
      return
    }
    if type == 0 { type = Self.fields.first { found.contains($0.number) }?.type ?? 0 }
    guard let entry = Self.fields.first(where: { $0.type == type }) else {
      throw error("has type \(type); expected 1 to 14")
    }
    guard found.isSubset(of: [entry.number]) else {
      throw error("holds \(names.joined()); expected \(entry.name) by its type \(type)")
    }
    switch type {
    case 1: value = .float(float)
    case 2: value = .integer(integer)
    case 3: value = .text(text)
    case 4:
      guard let tensor else { throw error("has type 4 but no tensor") }
      value = .tensor(tensor)
    case 6: value = .floats(floats)
    case 7: value = .integers(integers)
    case 8: value = .texts(texts)
    default: value = .unread(entry.name)
    }
  }
}
