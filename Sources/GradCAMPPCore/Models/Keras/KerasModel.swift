import GradCAMPPKernels

/// Networks that Keras's own configuration describes: `config.json` of a `.keras` file, or the
/// attribute `model_config` of an HDF5 file.
///
/// What it says is believed: layers in their order, activations, input shape, padding, pools, what
/// is done to colours. A layer that is not understood is refused by name.
enum KerasModel {
  /// The network of weights with a configuration; nil when that describes none.
  static func graph(
    _ weights: WeightStore, _ options: ModelOptions
  ) throws(GradCAMError) -> ModelGraph? {
    guard let text = options.configuration else { return nil }
    let value = try JSONValue(text, name: "\(weights.origin): its configuration")
    guard value["class_name"] != nil else { return nil }
    guard options.epsilon == nil else {
      throw GradCAMError(
        .invalidArgument,
        "epsilon is given, but \(weights.origin) says that of each of its normalisations")
    }
    var builder = try KerasGraph(weights, options)
    let output = try builder.add(model: value, name: "the model", to: nil, depth: 0)
    return try builder.finished(output)
  }
}

/// A graph in the making, layer by layer.
struct KerasGraph {
  var graph: Graph
  var variables: KerasVariables
  /// What is done to colours: rescalings at the beginning.
  var colors: KerasColors
  let weights: WeightStore
  let options: ModelOptions
  /// Layers with weights and pools, in the order of the data.
  var named: [(name: String, value: String, kind: String)] = []

  private static let modelKinds: Set<String> = ["Sequential", "Functional", "Model"]
  /// Models within models.
  private static let deepest = 16
  /// Layers of a model.
  private static let mostLayers = 2000

  init(_ weights: WeightStore, _ options: ModelOptions) throws(GradCAMError) {
    self.weights = weights
    self.options = options
    graph = Graph(origin: weights.origin)
    variables = try KerasVariables(weights)
    colors = KerasColors()
  }

  /// Adds a model, whose input is the value `outer`, or the picture when nil; returns its output.
  mutating func add(
    model value: JSONValue, name: String, to outer: String?, depth: Int
  ) throws(GradCAMError) -> String {
    let kind = value["class_name"]?.text ?? ""
    guard Self.modelKinds.contains(kind) else {
      throw graph.error(
        "its configuration is of a \(kind.quoted); expected Sequential or Functional")
    }
    // Sequential models of early versions are a bare list.
    let list = value["config"]?["layers"]?.elements ?? value["config"]?.elements ?? []
    guard depth < Self.deepest, !list.isEmpty, list.count <= Self.mostLayers else {
      throw graph.error(
        "\(name) has \(list.count) layers, models within \(depth) models; expected 1 to "
          + "\(Self.mostLayers) within \(Self.deepest)")
    }
    var values: [String: String] = [:]
    var last = outer
    for entry in list {
      let layer = try KerasLayer(entry, origin: graph.origin)
      let input = try source(of: layer, values, last, isFunctional: kind != "Sequential")
      if layer.kind == "InputLayer" {
        last = outer
        if last == nil { last = try addInput(layer, list) }
      } else {
        if input == nil, graph.inputs.isEmpty, outer == nil { last = try addInput(layer, list) }
        guard let input = input ?? last else { throw layer.error("has no input") }
        last =
          try Self.modelKinds.contains(layer.kind)
          ? add(model: entry, name: layer.name, to: input, depth: depth + 1)
          : add(layer, input)
      }
      guard values.updateValue(last ?? "", forKey: layer.name) == nil else {
        throw layer.error("is there twice")
      }
    }
    guard let ending = value["config"]?["output_layers"]?.elements else { return last ?? "" }
    // One output, written ["name", 0, 0] or [["name", 0, 0]].
    let names = ending.first?.text.map { [$0] } ?? ending.compactMap { $0.elements?.first?.text }
    guard names.count == 1, let found = values[names[0]] else {
      throw graph.error("\(name) has \(names.count) outputs; expected one")
    }
    return found
  }

  private func source(
    of layer: KerasLayer, _ values: [String: String], _ last: String?, isFunctional: Bool
  ) throws(GradCAMError) -> String? {
    guard isFunctional, let inputs = layer.inputs else { return last }
    guard inputs.count == 1 else {
      throw layer.error("takes \(inputs.count) inputs, which is not served; expected one")
    }
    guard let value = values[inputs[0]] else {
      throw layer.error("takes \(inputs[0].quoted), which is not before it")
    }
    return value
  }

  /// Adds the picture; `layer` is the first of a model's layers.
  private mutating func addInput(
    _ layer: KerasLayer, _ layers: [JSONValue]
  ) throws(GradCAMError) -> String {
    guard graph.inputs.isEmpty else { throw layer.error("is a second input; expected one") }
    guard let shape = layer["batch_shape"] ?? layer["batch_input_shape"],
      let elements = shape.elements, elements.count == 4
    else {
      throw layer.error(
        "does not say its input's shape; expected batch, height, width and channels")
    }
    var extents: [Graph.Extent] = []
    for (axis, element) in elements.enumerated() {
      if let count = element.integer, (1...1 << 20).contains(count) {
        extents.append(.fixed(count))
      } else if element == .null {
        extents.append(.symbolic(["batch", "first", "second", "third"][axis]))
      } else {
        throw layer.wrong("batch_shape", shape, "whole numbers from 1, or null")
      }
    }
    let isFirst = layers.contains { $0["config"]?["data_format"]?.text == "channels_first" }
    graph.inputSize = options.inputSize
    graph.inputs = [
      Graph.Input(
        name: "input", extents: extents, layout: isFirst ? .channelsFirst : .channelsLast)
    ]
    return "input"
  }

  /// The whole network with what a graph does not say.
  mutating func finished(_ output: String) throws(GradCAMError) -> ModelGraph {
    try variables.checkAllUsed()
    graph.outputs = [output]
    let names = KerasNames(named.map { ($0.name, $0.kind) })
    nameLayers(names)
    guard let layer = named.last(where: { $0.kind == "convolution" }) else {
      throw graph.error("its configuration has no convolution")
    }
    return ModelGraph(
      architecture: names.architecture(named, graph), graph: graph,
      normalization: try colors.normalization(
        weights, options, isCaffe: names.isVGG, origin: graph.origin),
      defaultLayer: names[layer.name])
  }
}
