import GradCAMPPKernels

/// A network's graph as a text that goes with its arrays: from both the same network is made again.
///
/// It is JSON, an object with a `class_name` as Keras's configurations have. Nodes are ONNX's, their
/// tensors channels last; constants are arrays by name, with the order of their axes or a shape, or
/// whole numbers.
struct GraphDescription {
  /// The `class_name`.
  static let className = "gradcampp graph"

  /// What the architecture is called.
  let architecture: String
  /// The layer that is explained when none is named.
  let defaultLayer: String
  /// A graph that the passes have gone over.
  let graph: Graph

  /// The text; throws `invalidArgument` for an attribute that it cannot hold.
  func text() throws(GradCAMError) -> String {
    guard let input = graph.inputs.first, graph.outputs.count == 1 else {
      throw graph.error("the graph has no input or several outputs")
    }
    var nodes: [JSONValue] = []
    for node in graph.nodes { nodes.append(try json(node)) }
    let extents = input.extents.map { extent in
      if case .fixed(let count) = extent { JSONValue(count) } else { JSONValue.null }
    }
    let layers = graph.layers.map { layer in
      JSONValue.array([
        .text(layer.name), .text(layer.value), layer.kind.map(JSONValue.text) ?? .null,
      ])
    }
    return JSONValue.object([
      "class_name": .text(Self.className),
      "architecture": .text(architecture),
      "default_layer": .text(defaultLayer),
      "input": .object(["name": .text(input.name), "extents": .array(extents)]),
      "output": .text(graph.outputs[0]),
      "activation": graph.outputActivation.map { .text($0.rawValue) } ?? .null,
      "nodes": .array(nodes),
      "constants": .object(graph.constants.mapValues(Self.json)),
      "layers": .array(layers),
    ]).json
  }

  private func json(_ node: GraphNode) throws(GradCAMError) -> JSONValue {
    var attributes: [String: JSONValue] = [:]
    for (name, value) in node.attributes { attributes[name] = try json(value, name, node) }
    return .object([
      "operation": .text(node.operation),
      "name": .text(node.name),
      "inputs": .array(node.inputs.map(JSONValue.text)),
      "outputs": .array(node.outputs.map(JSONValue.text)),
      "attributes": .object(attributes),
      "version": JSONValue(node.version),
    ])
  }

  /// An attribute's value under the name of its kind.
  private func json(
    _ value: AttributeValue, _ name: String, _ node: GraphNode
  ) throws(GradCAMError) -> JSONValue {
    let found: (kind: String, value: JSONValue)? =
      switch value {
      case .integer(let integer): ("integer", JSONValue(integer))
      case .number(let number): ("number", .text("\(number)"))
      case .text(let text): ("text", .text(text))
      case .integers(let integers): ("integers", .array(integers.map { JSONValue($0) }))
      case .numbers(let numbers): ("numbers", .array(numbers.map { .text("\($0)") }))
      case .texts(let texts): ("texts", .array(texts.map(JSONValue.text)))
      case .constant: nil
      }
    guard let found else {
      throw graph.error(
        node.error("has an attribute \(name.quoted) that no description can hold").message)
    }
    return .object([found.kind: found.value])
  }

  private static func json(_ constant: GraphConstant) -> JSONValue {
    let extents = JSONValue.array(constant.shape.extents.map { JSONValue($0) })
    if let integers = constant.integers {
      return .object(["integers": .array(integers.map { JSONValue($0) }), "shape": extents])
    }
    // Arrays have one to four axes; others than weights lie plainly, in one row.
    guard constant.order.isPlain else {
      return .object(["order": .array(constant.order.axes.map { JSONValue($0) })])
    }
    return .object(["shape": extents])
  }
}

extension JSONValue {
  /// A whole number, which as text is exact whatever its size.
  fileprivate init(_ integer: Int) {
    self = abs(Double(integer)) < 0x1p53 ? .number(Double(integer)) : .text("\(integer)")
  }
}
