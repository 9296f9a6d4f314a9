import GradCAMPPKernels

extension ONNXDocument {
  /// The same network without functions: each call is replaced by the function's body.
  ///
  /// Values of a body get the call's name in front. Throws `badData` for functions that call
  /// themselves or grow beyond bounds, and for a node that is then no operator of ONNX's own or
  /// holds a graph.
  public func inlined() throws(GradCAMError) -> ONNXDocument {
    var inlining = try ONNXInlining(self)
    for node in graph.nodes { try inlining.add(node, ) }
    let nodes = inlining.nodes
    let whole = ONNXGraph(
      name: graph.name, inputs: graph.inputs, outputs: graph.outputs,
      initializers: graph.initializers, nodes: nodes)
    for node in nodes { try node.checkIsOperator(origin) }
    try whole.check(origin)
    return replacing(whole)
  }
}

/// Replaces calls of functions by their bodies.
private struct ONNXInlining {
  /// The most bytes of the names that are made.
  private static let mostNameBytes = 1 << 26

  private(set) var nodes: [ONNXNode] = []
  private let origin: String
  private let version: Int
  private let functions: [ONNXFunction.Identity: ONNXFunction]
  /// Names of all values, those of the graph first.
  private var taken: Set<String>
  private var nameBytes = 0
  private var suffix = 0

  /// Checks how large the document will be, before it is.
  init(_ document: ONNXDocument) throws(GradCAMError) {
    origin = document.origin
    version = document.versions[""] ?? ONNXVersions.operators.upperBound
    functions = Dictionary(uniqueKeysWithValues: document.functions.map { ($0.identity, $0) })
    let graph = document.graph
    taken = Set(graph.inputs.map(\.name) + graph.initializers.map(\.name))
    for node in graph.nodes { taken.formUnion(node.outputs) }
    var costs = ONNXInliningCosts(origin: origin, functions: functions)
    try costs.check(graph.nodes)
  }

  /// Adds a node of the graph, or the body of the function that it calls.
  mutating func add(_ node: ONNXNode) throws(GradCAMError) {
    for case .reference(let name) in node.attributes.map(\.value) {
      throw GradCAMError(
        .badData,
        "\(origin): \(node) refers to an attribute \(name.quoted) of a function that it is not in")
    }
    guard let function = functions[node.function] else {
      nodes.append(node)
      return
    }
    guard node.inputs.count <= function.inputs.count,
      node.outputs.count <= function.outputs.count
    else {
      throw GradCAMError(
        .badData,
        "\(origin): \(node) has \(node.inputs.count) inputs and \(node.outputs.count) outputs; "
          + "expected at most \(function.inputs.count) and \(function.outputs.count)")
    }
    let known = function.attributes + function.defaults.map(\.name)
    for attribute in node.attributes where !known.contains(attribute.name) {
      throw GradCAMError(
        .badData,
        "\(origin): \(node) has an attribute \(attribute.name.quoted); expected one of "
          + "the function's")
    }
    try addBody(function, calledBy: node)
  }

  private mutating func addBody(
    _ function: ONNXFunction, calledBy call: ONNXNode
  ) throws(GradCAMError) {
    var names: [String: String] = ["": ""]
    for (index, input) in function.inputs.enumerated() {
      names[input] = index < call.inputs.count ? call.inputs[index] : ""
    }
    var identities: [(input: String, output: String)] = []
    for (output, outside) in zip(function.outputs, call.outputs) where !outside.isEmpty {
      if names[output] == nil {
        names[output] = outside
      } else {
        identities.append((output, outside))
      }
    }
    for node in function.nodes {
      for output in node.outputs where names[output] == nil {
        names[output] = try fresh(call.name + "/" + output)
      }
      try add(
        ONNXNode(
          name: try counted(call.name + "/" + node.name), operatorName: node.operatorName,
          domain: node.domain, overload: node.overload, version: node.version,
          inputs: node.inputs.map { names[$0] ?? "" },
          outputs: node.outputs.map { names[$0] ?? "" },
          attributes: try attributes(of: node, in: function, calledBy: call), scopes: node.scopes),
      )
    }
    for (input, output) in identities {
      nodes.append(
        ONNXNode(
          name: output, operatorName: "Identity", domain: "", overload: "", version: version,
          inputs: [names[input] ?? ""], outputs: [output], attributes: [], scopes: []))
    }
  }

  /// A node's attributes, with the call's or the function's values for those that refer to them.
  private func attributes(
    of node: ONNXNode, in function: ONNXFunction, calledBy call: ONNXNode
  ) throws(GradCAMError) -> [ONNXAttribute] {
    var attributes: [ONNXAttribute] = []
    for attribute in node.attributes {
      guard case .reference(let name) = attribute.value else {
        attributes.append(attribute)
        continue
      }
      let given = call.attribute(name) ?? function.defaults.first { $0.name == name }
      if let given {
        attributes.append(ONNXAttribute(name: attribute.name, value: given.value))
      } else if !function.attributes.contains(name) {
        throw GradCAMError(
          .badData,
          "\(origin): \(node) of function \(function.identity) refers to an attribute "
            + "\(name.quoted) that the function has not")
      }
    }
    return attributes
  }

  /// A name that no value has yet.
  private mutating func fresh(_ wanted: String) throws(GradCAMError) -> String {
    var name = wanted
    while taken.contains(name) {
      suffix += 1
      name = "\(wanted)_\(suffix)"
    }
    taken.insert(name)
    return try counted(name)
  }

  private mutating func counted(_ name: String) throws(GradCAMError) -> String {
    nameBytes += name.utf8.count
    guard nameBytes <= Self.mostNameBytes else {
      throw GradCAMError(
        .badData,
        "\(origin) has names of more than \(Self.mostNameBytes) bytes, its functions written out")
    }
    return name
  }
}

extension ONNXNode {
  /// The function that the node would call.
  var function: ONNXFunction.Identity {
    ONNXFunction.Identity(domain: domain, name: operatorName, overload: overload)
  }

  /// Throws `badData` for a node that is no operator of ONNX's own, or needs control flow.
  fileprivate func checkIsOperator(_ origin: String) throws(GradCAMError) {
    guard domain.isEmpty else {
      throw GradCAMError(
        .badData,
        "\(origin): \(self) is of a set of operators that is not read; expected ONNX's own and "
          + "functions that the file defines")
    }
    for attribute in attributes {
      guard case .unread(let kind) = attribute.value else { continue }
      throw GradCAMError(
        .badData,
        "\(origin): \(self) has \(kind) as \(attribute.name.quoted); expected a node that computes "
          + "tensors from tensors, without branches and loops")
    }
  }
}
