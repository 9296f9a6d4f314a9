import GradCAMPPKernels

/// The operators of a network in the file's order, with the constants that they use.
///
/// Each value has one name and comes from one place: an input, an initialiser or an earlier node.
public struct ONNXGraph: Sendable {
  /// The name; exporters write what they like.
  public let name: String

  /// What must be given, without inputs that an initialiser gives.
  public let inputs: [ONNXValueInfo]

  /// What is computed.
  public let outputs: [ONNXValueInfo]

  /// The constants, each under a name of its own.
  public let initializers: [ONNXTensor]

  /// The operators; each uses only values of those before it.
  public let nodes: [ONNXNode]
}

extension ONNXGraph {
  static let kind = ProtobufKind("a graph", singular: [2])

  /// Reads a GraphProto of a model that imports `versions` of operator sets.
  ///
  /// Shapes between the nodes (`value_info`) are not believed but computed anew. What says nothing
  /// of the numbers is passed over: descriptions, metadata, hints for quantisation.
  init(
    _ message: ProtobufMessage, _ versions: ONNXVersions, _ files: ONNXFiles
  ) throws(GradCAMError) {
    var message = message
    let path = message.file.path
    var name = ""
    var inputs: [ONNXValueInfo] = []
    var outputs: [ONNXValueInfo] = []
    var initializers: [ONNXTensor] = []
    var nodes: [ONNXNode] = []
    while let field = try message.next() {
      switch field.number {
      case 1: nodes.append(try ONNXNode(try field.message(ONNXNode.kind), versions, files))
      case 2: name = try field.text()
      case 5:
        initializers.append(try ONNXTensor(try field.message(ONNXTensorHeader.kind), files))
      case 11: inputs.append(try ONNXValueInfo(field, "input"))
      case 12: outputs.append(try ONNXValueInfo(field, "output"))
      case 15: throw field.error("no sparse initialiser: its tensor written in full")
      default: break
      }
    }
    var given: Set<String> = []
    for initializer in initializers {
      guard !initializer.name.isEmpty else {
        throw GradCAMError(.badData, "\(path) has an initialiser without a name")
      }
      guard given.insert(initializer.name).inserted else {
        throw GradCAMError(
          .badData, "\(path) has two initialisers named \(initializer.name.quoted)")
      }
    }
    var seen: Set<String> = []
    for input in inputs where !seen.insert(input.name).inserted {
      throw GradCAMError(.badData, "\(path) has two inputs named \(input.name.quoted)")
    }
    self.init(
      name: name, inputs: inputs.filter { !given.contains($0.name) }, outputs: outputs,
      initializers: initializers, nodes: nodes)
    try check(path)
  }

  /// Throws `badData` unless every value that is used was made before, and every value once.
  func check(_ path: String) throws(GradCAMError) {
    guard !outputs.isEmpty else { throw GradCAMError(.badData, "\(path) has no outputs") }
    let given = inputs.map(\.name) + initializers.map(\.name)
    let made = try ONNXValues.made(by: nodes, from: given, in: path)
    var seen: Set<String> = []
    for output in outputs {
      guard made.contains(output.name) else {
        throw GradCAMError(
          .badData, "\(path) has an output \(output.name.quoted), which no node computes")
      }
      guard seen.insert(output.name).inserted else {
        throw GradCAMError(.badData, "\(path) has two outputs named \(output.name.quoted)")
      }
    }
  }
}
