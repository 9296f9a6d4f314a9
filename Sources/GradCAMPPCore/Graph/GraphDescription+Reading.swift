import GradCAMPPKernels

extension GraphDescription {
  /// Whether a text that goes with arrays is such a description.
  static func isDescription(_ value: JSONValue) -> Bool { value["class_name"]?.text == className }

  /// Reads a description of the network of `weights`.
  ///
  /// Throws `badData` naming what is missing or of another kind, an array that is not there, and one
  /// that has no place. What the graph says is checked as a file's is, when it is lowered.
  init(_ value: JSONValue, _ weights: WeightStore) throws(GradCAMError) {
    let reader = DescriptionReader(origin: weights.origin)
    architecture = try reader.text(value, "architecture")
    defaultLayer = try reader.text(value, "default_layer")
    var graph = Graph(origin: weights.origin)
    graph.isRewritten = true
    let input = value["input"] ?? .null
    graph.inputs = [
      Graph.Input(
        name: try reader.text(input, "name"),
        extents: try reader.integers(input, "extents").map { .fixed($0) }, layout: .channelsLast)
    ]
    graph.outputs = [try reader.text(value, "output")]
    if value["activation"] != .null {
      graph.outputActivation = OutputKind.Probabilities(
        rawValue: try reader.text(value, "activation"))
      guard graph.outputActivation != nil else { throw reader.missing("activation") }
    }
    for node in try reader.elements(value, "nodes") {
      graph.nodes.append(try reader.node(node))
    }
    for layer in try reader.elements(value, "layers") {
      guard let parts = layer.elements, parts.count == 3, let name = parts[0].text,
        let value = parts[1].text, parts[2] == .null || parts[2].text != nil
      else { throw reader.missing("layers") }
      graph.layers.append(Graph.Layer(name: name, value: value, kind: parts[2].text))
    }
    guard case .object(let constants) = value["constants"] else {
      throw reader.missing("constants")
    }
    for (name, said) in constants {
      graph.constants[name] = try reader.constant(name, said, weights)
    }
    for name in weights.names where graph.constants[name]?.isFloat != true {
      throw graph.error("\(name.quoted) has no place in the network that is described")
    }
    self.graph = graph
  }
}

/// Takes parts of a description; throws `badData` for those that are missing or of another kind.
private struct DescriptionReader {
  let origin: String

  func missing(_ name: String) -> GradCAMError {
    GradCAMError(
      .badData, "\(origin): the description of its network has no \(name.quoted) as expected")
  }

  func text(_ value: JSONValue, _ name: String) throws(GradCAMError) -> String {
    guard let text = value[name]?.text else { throw missing(name) }
    return text
  }

  func elements(_ value: JSONValue, _ name: String) throws(GradCAMError) -> [JSONValue] {
    guard let elements = value[name]?.elements else { throw missing(name) }
    return elements
  }

  func texts(_ value: JSONValue, _ name: String) throws(GradCAMError) -> [String] {
    guard let texts = value[name].flatMap({ all($0, \.text) }) else { throw missing(name) }
    return texts
  }

  func integers(_ value: JSONValue, _ name: String) throws(GradCAMError) -> [Int] {
    guard let integers = value[name].flatMap({ all($0, integer) }) else { throw missing(name) }
    return integers
  }

  /// All elements of a list; nil when it is none, or one is of another kind.
  private func all<Element>(
    _ value: JSONValue, _ element: (JSONValue) -> Element?
  ) -> [Element]? {
    guard let elements = value.elements else { return nil }
    let found = elements.compactMap(element)
    return found.count == elements.count ? found : nil
  }

  private func integer(_ value: JSONValue) -> Int? {
    value.integer ?? value.text.flatMap { Int($0) }
  }

  private func number(_ value: JSONValue) -> Double? { value.text.flatMap { Double($0) } }

  func node(_ value: JSONValue) throws(GradCAMError) -> GraphNode {
    guard case .object(let said) = value["attributes"] else { throw missing("attributes") }
    var attributes: [String: AttributeValue] = [:]
    for (name, value) in said { attributes[name] = try attribute(value, name) }
    guard let version = value["version"]?.integer else { throw missing("version") }
    let outputs = try texts(value, "outputs")
    guard outputs.first?.isEmpty == false else { throw missing("outputs") }
    return GraphNode(
      try text(value, "operation"), name: try text(value, "name"),
      inputs: try texts(value, "inputs"), outputs: outputs, attributes: attributes,
      layout: .channelsLast, version: version)
  }

  private func attribute(
    _ value: JSONValue, _ name: String
  ) throws(GradCAMError) -> AttributeValue {
    guard case .object(let said) = value, said.count == 1, let (kind, value) = said.first else {
      throw missing(name)
    }
    let found: AttributeValue? =
      switch kind {
      case "integer": integer(value).map { .integer($0) }
      case "number": number(value).map { .number($0) }
      case "text": value.text.map { .text($0) }
      case "integers": all(value, integer).map { .integers($0) }
      case "numbers": all(value, number).map { .numbers($0) }
      case "texts": all(value, \.text).map { .texts($0) }
      default: nil
      }
    guard let found else { throw missing(name) }
    return found
  }

  /// Whole numbers that are given, or the array of that name.
  func constant(
    _ name: String, _ value: JSONValue, _ weights: WeightStore
  ) throws(GradCAMError) -> GraphConstant {
    if value["integers"] != nil {
      let numbers = try integers(value, "integers")
      guard let shape = Shape(checking: try integers(value, "shape"), elementSize: 8),
        shape.count == numbers.count
      else { throw missing("shape") }
      return GraphConstant(integers: numbers, shape: shape)
    }
    guard let array = weights[name] else {
      throw GradCAMError(
        .badData, "\(origin): the array \(name.quoted), which its description names, is missing")
    }
    if value["order"] != nil {
      let axes = try integers(value, "order")
      guard axes.count == array.shape.rank, axes.sorted() == Array(axes.indices) else {
        throw GradCAMError(
          .badData,
          "\(origin): the array \(name.quoted) has shape \(array.shape) and axes \(axes); expected "
            + "each of its axes once")
      }
      return GraphConstant(array, order: AxisOrder(axes))
    }
    guard let shape = Shape(checking: try integers(value, "shape"), elementSize: 4),
      shape.count == array.shape.count
    else {
      throw GradCAMError(
        .badData,
        "\(origin): the array \(name.quoted) has shape \(array.shape), not as many elements as its "
          + "description says")
    }
    return GraphConstant(array.viewed(as: shape))
  }
}
