import GradCAMPPKernels

/// Networks of ONNX files.
public enum ONNXModel {
  /// The network as a graph, before any pass.
  ///
  /// Throws `badData` naming the first node, with its operator's version, that no operation of
  /// graphs serves.
  ///
  /// Where the network begins, how colours go in and which output is meant, is found out or said in a
  /// note.
  public static func graph(
    _ document: ONNXDocument, _ options: ModelOptions = ModelOptions()
  ) throws(GradCAMError) -> ModelGraph {
    let whole = try document.inlined()
    let given = try ONNXInput.constants(whole, options.inputs)
    let document = whole.reduced(
      to: try ONNXOutput.output(whole, options), given: Set(given.keys))
    var graph = try graph(document, given, options)
    let layers = try ONNXLayers(document, graph, tokens: options.tokens)
    graph.layers = layers.layers
    let colors = try ONNXColors(document, graph, options)
    try GreyInput.widen(&graph)
    var model = ModelGraph(
      architecture: architecture(document), graph: graph, normalization: colors.normalization,
      defaultLayer: layers.defaultLayer)
    if let note = colors.note { model.notes.append(note) }
    return model
  }

  /// Extents of all values, for one picture, of a document without functions.
  static func shapes(
    _ document: ONNXDocument, _ options: ModelOptions
  ) throws(GradCAMError) -> [String: Shape] {
    let given = try ONNXInput.constants(document, options.inputs)
    var graph = try graph(document, given, options)
    graph.outputs = document.graph.outputs.map(\.name)
    try BindInput.apply(to: &graph)
    try FoldConstants.apply(to: &graph)
    return try graph.shapes()
  }

  /// Nodes, constants, the input and the output of a document without functions.
  private static func graph(
    _ document: ONNXDocument, _ given: [String: GraphConstant], _ options: ModelOptions
  ) throws(GradCAMError) -> Graph {
    try checkOperators(document)
    var graph = Graph(origin: document.origin)
    graph.constants = try ONNXConstants.constants(document).merging(given) { _, given in given }
    for node in document.graph.nodes where node.operatorName != ONNXConstants.operatorName {
      graph.nodes.append(try graphNode(node, document.origin))
    }
    graph.inputs = [try ONNXInput.input(document, size: options.inputSize)]
    graph.outputs = [document.graph.outputs[0].name]
    return graph
  }

  /// What the exporter called the network, unless that is a name for any.
  private static func architecture(_ document: ONNXDocument) -> String {
    let name = document.graph.name
    let names = ["", "main_graph", "torch_jit", "torch-jit-export", "tf2onnx"]
    return names.contains(name) ? "ONNX network" : name
  }

  /// Throws `badData` for an operator that graphs do not have, before any constant is made.
  private static func checkOperators(_ document: ONNXDocument) throws(GradCAMError) {
    for node in document.graph.nodes
    where node.operatorName != ONNXConstants.operatorName
      && NodeKinds.named(node.operatorName) == nil
      && ConstantEvaluations.named(node.operatorName) == nil
    {
      throw GradCAMError(
        .badData,
        "\(document.origin): \(node) is of an operator that is not served; expected one of "
          + NodeKinds.all.map { $0.operation }.joined(separator: ", "))
    }
  }

  private static func graphNode(
    _ node: ONNXNode, _ origin: String
  ) throws(GradCAMError) -> GraphNode {
    var attributes: [String: AttributeValue] = [:]
    for attribute in node.attributes {
      attributes[attribute.name] = try value(attribute, of: node, origin)
    }
    return GraphNode(
      node.operatorName, name: node.name, inputs: node.inputs, outputs: node.outputs,
      attributes: attributes, version: node.version)
  }

  private static func value(
    _ attribute: ONNXAttribute, of node: ONNXNode, _ origin: String
  ) throws(GradCAMError) -> AttributeValue {
    switch attribute.value {
    case .float(let number): return .number(Double(number))
    case .integer(let number): return .integer(Int(number))
    case .text(let text): return .text(text)
    case .floats(let numbers): return .numbers(numbers.map(Double.init))
    case .integers(let numbers): return .integers(numbers.map { Int($0) })
    case .texts(let texts): return .texts(texts)
    case .tensor(let tensor): return .constant(try ONNXConstants.constant(tensor, origin))
    case .reference, .unread:
      throw GradCAMError(
        .badData, "\(origin): \(node) has an attribute \(attribute.name.quoted) of no value")
    }
  }
}
