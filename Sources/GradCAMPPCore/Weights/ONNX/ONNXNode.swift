import GradCAMPPKernels

/// One operator's use in a graph.
public struct ONNXNode: Sendable, CustomStringConvertible {
  /// The name; one that the file leaves out is made of the first output's.
  public let name: String

  /// The operator, such as "Conv".
  public let operatorName: String

  /// The set of operators that it is from; "" for ONNX's own.
  public let domain: String

  /// Which of a function's overloads it calls; "" almost always.
  public let overload: String

  /// The version of the set of operators, by what its graph or function imports.
  public let version: Int

  /// Names of the values that go in; "" for an optional one that is left out.
  public let inputs: [String]

  /// Names of the values that come out; "" for one that nobody uses.
  public let outputs: [String]

  /// The parameters.
  public let attributes: [ONNXAttribute]

  /// PyTorch's names of the modules around the node, from the outermost in, and of the node itself;
  /// none unless the exporter wrote them.
  public let scopes: [String]

  /// A node of which everything is known.
  init(
    name: String, operatorName: String, domain: String, overload: String, version: Int,
    inputs: [String], outputs: [String], attributes: [ONNXAttribute], scopes: [String]
  ) {
    self.name = name
    self.operatorName = operatorName
    self.domain = domain
    self.overload = overload
    self.version = version
    self.inputs = inputs
    self.outputs = outputs
    self.attributes = attributes
    self.scopes = scopes
  }

  /// As a sentence names it: `node "conv1" (Conv 11)`, with the domain if it is not ONNX's own.
  public var description: String {
    "node \(name.quoted) (\(domain.isEmpty ? "" : domain + ".")\(operatorName) \(version))"
  }

  /// The attribute of that name, if the node has it.
  public func attribute(_ name: String) -> ONNXAttribute? {
    attributes.first { $0.name == name }
  }
}

extension ONNXNode {
  static let kind = ProtobufKind("a node", singular: [3, 4, 7, 8])

  /// The most attributes; no operator of ONNX has 20.
  static let mostAttributes = 256

  /// Reads a NodeProto of a graph or function that imports `versions` of operator sets.
  init(
    _ message: ProtobufMessage, _ versions: ONNXVersions, _ files: ONNXFiles
  ) throws(GradCAMError) {
    var message = message
    let place = message.place
    let path = message.file.path
    var (name, operatorName, domain, overload) = ("", "", "", "")
    var inputs: [String] = []
    var outputs: [String] = []
    var attributes: [ONNXAttribute] = []
    var scopes: [String] = []
    while let field = try message.next() {
      switch field.number {
      case 1: inputs.append(try field.name())
      case 2: outputs.append(try field.name())
      case 3: name = try field.name()
      case 4: operatorName = try field.name()
      case 5: attributes.append(try ONNXAttribute(try field.message(ONNXAttribute.kind), files))
      case 7: domain = ONNXVersions.domain(try field.name())
      case 8: overload = try field.name()
      case 9:
        let (key, value) = try field.pair()
        if key == ONNXModulePath.scopesKey { scopes = ONNXModulePath.scopes(value) }
      default: break
      }
    }
    guard !operatorName.isEmpty else {
      throw GradCAMError(.badData, "\(path): the node at byte \(place) names no operator")
    }
    let subject =
      name.isEmpty
      ? "the \(operatorName) node at byte \(place)" : "node \(name.quoted) (\(operatorName))"
    guard let first = outputs.first(where: { !$0.isEmpty }) else {
      throw GradCAMError(.badData, "\(path): \(subject) has no output")
    }
    guard attributes.count <= Self.mostAttributes else {
      throw GradCAMError(
        .badData,
        "\(path): \(subject) has \(attributes.count) attributes; expected at most "
          + "\(Self.mostAttributes)")
    }
    var seen: Set<String> = []
    for attribute in attributes where !seen.insert(attribute.name).inserted {
      throw GradCAMError(
        .badData, "\(path): \(subject) has two attributes named \(attribute.name.quoted)")
    }
    guard let version = versions[domain] else {
      throw GradCAMError(
        .badData,
        "\(path): \(subject) is of operator set \(domain.quoted), of which the file imports no "
          + "version")
    }
    self.init(
      name: name.isEmpty ? first : name, operatorName: operatorName, domain: domain,
      overload: overload, version: version, inputs: inputs, outputs: outputs,
      attributes: attributes, scopes: scopes)
  }
}
