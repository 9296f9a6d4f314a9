import GradCAMPPKernels

/// Networks of ONNX files.
public enum ONNXModel {
  /// The network as a graph, before any pass.
  ///
  /// Throws `badData` naming the first node, with its operator's version, that no operation of
  /// graphs serves.
  ///
  /// How colours go in is not among what is read of a file: unless the options say it, torchvision's
  /// way is assumed for channels first and TensorFlow's for channels last, and said in a note.
  public static func graph(
    _ document: ONNXDocument, _ options: ModelOptions = ModelOptions()
  ) throws(GradCAMError) -> ModelGraph {
    let document = try document.inlined()
    try checkOperators(document)
    var graph = Graph(origin: document.origin)
    graph.constants = try ONNXConstants.constants(document)
    for node in document.graph.nodes where node.operatorName != ONNXConstants.operatorName {
      graph.nodes.append(try graphNode(node, document.origin))
    }
    graph.inputs = [try ONNXInput.input(document, size: options.inputSize)]
    graph.outputs = [try ONNXOutput.output(document)]
    let layers = try ONNXLayers(document, graph)
    graph.layers = layers.layers
    let isFirst = graph.inputs[0].layout == .channelsFirst
    var model = ModelGraph(
      architecture: architecture(document), graph: graph,
      normalization: options.normalization ?? (isFirst ? .torchvision : .tensorflow),
      defaultLayer: layers.defaultLayer)
    if options.normalization == nil {
      model.notes.append(
        "\(document.origin) does not say how colours go in: preprocessing "
          + "\(isFirst ? "torchvision" : "tensorflow") is assumed; name another one if it was trained "
          + "with another")
    }
    return model
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
