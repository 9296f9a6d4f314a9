import GradCAMPPKernels

/// An operator that a file defines by other operators.
public struct ONNXFunction: Sendable {
  /// What tells functions apart.
  public struct Identity: Hashable, Sendable {
    /// The set of operators that it belongs to.
    public let domain: String
    /// The operator.
    public let name: String
    /// Which of several of the same name; "" almost always.
    public let overload: String
  }

  /// What calls it.
  public let identity: Identity

  /// Names of the values that go in, as the body uses them.
  public let inputs: [String]

  /// Names of the values of the body that come out.
  public let outputs: [String]

  /// Attributes that a call may have; those without a default are left out where it has them not.
  public let attributes: [String]

  /// Attributes that hold where a call has them not.
  public let defaults: [ONNXAttribute]

  /// The body.
  public let nodes: [ONNXNode]
}

extension ONNXFunction {
  static let kind = ProtobufKind("a function", singular: [1, 10, 13])

  /// Reads a FunctionProto.
  init(_ message: ProtobufMessage, _ files: ONNXFiles) throws(GradCAMError) {
    let path = message.file.path
    var (name, domain, overload) = ("", "", "")
    var inputs: [String] = []
    var outputs: [String] = []
    var attributes: [String] = []
    var defaults: [ONNXAttribute] = []
    var versions = ONNXVersions()
    var header = message
    while let field = try header.next() {
      switch field.number {
      case 1: name = try field.name()
      case 4: inputs.append(try field.name())
      case 5: outputs.append(try field.name())
      case 6: attributes.append(try field.name())
      case 9: try versions.add(field)
      case 10: domain = ONNXVersions.domain(try field.name())
      case 11: defaults.append(try ONNXAttribute(try field.message(ONNXAttribute.kind), files))
      case 13: overload = try field.name()
      default: break
      }
    }
    // The nodes come before the versions in the file.
    var nodes: [ONNXNode] = []
    var body = message
    while let field = try body.next() {
      guard field.number == 7 else { continue }
      nodes.append(try ONNXNode(try field.message(ONNXNode.kind), versions, files))
    }
    guard !name.isEmpty, !domain.isEmpty else {
      throw GradCAMError(
        .badData,
        "\(path) defines a function \(name.quoted) of domain \(domain.quoted); expected a name, and "
          + "a domain other than ONNX's own")
    }
    self.init(
      identity: Identity(domain: domain, name: name, overload: overload), inputs: inputs,
      outputs: outputs, attributes: attributes, defaults: defaults, nodes: nodes)
    try check(path)
  }

  private func check(_ path: String) throws(GradCAMError) {
    let place = "\(path): function \(identity)"
    var given: Set<String> = []
    for input in inputs where input.isEmpty || !given.insert(input).inserted {
      throw GradCAMError(
        .badData, "\(place) has an input named \(input.quoted); expected names that differ")
    }
    let made = try ONNXValues.made(by: nodes, from: inputs, in: place)
    for output in outputs where !made.contains(output) {
      throw GradCAMError(
        .badData, "\(place) has an output \(output.quoted), which no node computes")
    }
    let count = attributes.count + defaults.count
    guard count <= ONNXNode.mostAttributes else {
      throw GradCAMError(
        .badData,
        "\(place) has \(count) attributes; expected at most \(ONNXNode.mostAttributes)")
    }
    var names: Set<String> = []
    for name in attributes + defaults.map(\.name) where !names.insert(name).inserted {
      throw GradCAMError(.badData, "\(place) has two attributes named \(name.quoted)")
    }
  }
}

extension ONNXFunction.Identity: CustomStringConvertible {
  /// As a sentence names it.
  public var description: String {
    "\(domain).\(name)\(overload.isEmpty ? "" : ":" + overload)".quoted
  }
}
