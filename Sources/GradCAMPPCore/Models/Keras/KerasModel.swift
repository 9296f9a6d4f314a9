import GradCAMPPKernels

/// Networks that Keras's own configuration describes: `config.json` of a `.keras` file, or the
/// attribute `model_config` of an HDF5 file.
///
/// What it says is believed: layers in their order, activations, input shape, padding, pools, what
/// is done to colours. A layer that is not understood is refused by name.
enum KerasModel {
  /// The network of weights with a configuration; nil when that describes none.
  static func graph(
    _ value: JSONValue, _ weights: WeightStore, _ options: ModelOptions
  ) throws(GradCAMError) -> ModelGraph? {
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
  /// Layers that can be named, in the order of the data, with what they are listed as.
  var named: [(name: String, value: String, kind: KerasKind)] = []
  /// Values whose extents without the batch the configuration says.
  var stated: [(layer: KerasLayer, value: String, extents: [Int])] = []

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
      let inputs = try sources(of: layer, values, isFunctional: kind != "Sequential")
      if layer.kind == "InputLayer" {
        last = outer
        if last == nil { last = try addInput(layer, list) }
      } else {
        if inputs == nil, graph.inputs.isEmpty, outer == nil { last = try addInput(layer, list) }
        let all = inputs ?? last.map { [$0] } ?? []
        last =
          try Self.modelKinds.contains(layer.kind)
          ? add(model: entry, name: layer.name, to: layer.only(all), depth: depth + 1)
          : add(layer, all)
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

  /// The values that a layer takes; nil where it takes the one before.
  private func sources(
    of layer: KerasLayer, _ values: [String: String], isFunctional: Bool
  ) throws(GradCAMError) -> [String]? {
    guard isFunctional, let inputs = layer.inputs else { return nil }
    var found: [String] = []
    for input in inputs {
      guard let value = values[input] else {
        throw layer.error("takes \(input.quoted), which is not before it")
      }
      found.append(value)
    }
    return found
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
    let names = KerasNames(named)
    nameLayers(names)
    guard let last = named.last(where: { $0.kind == .convolution }) else {
      throw graph.error("its configuration has no convolution")
    }
    var bound = graph
    try BindInput.apply(to: &bound)
    let shapes = try bound.shapes()
    try checkShapes(shapes)
    let evidence = Set(named.filter { $0.kind.isEvidence }.map { names[$0.name] })
    let layers = graph.layers.filter {
      evidence.contains($0.name) && $0.kind != nil && shapes[$0.value]?.rank == 4
    }
    let value = graph.bottleneck(among: Set(layers.map(\.value)))
    let layer = layers.last { $0.value == value }
    return ModelGraph(
      architecture: names.architecture(named, graph), graph: graph,
      normalization: try colors.normalization(
        weights, options, isCaffe: names.isVGG, origin: graph.origin),
      defaultLayer: layer?.name ?? names[last.name])
  }

  /// Throws `badData` naming a layer whose output is of another shape than it says, or that combines
  /// tensors of different ranks, whose axes Keras pairs in a way of its own.
  private func checkShapes(_ shapes: [String: Shape]) throws(GradCAMError) {
    for (layer, value, extents) in stated {
      guard let shape = shapes[value]?.withoutBatch, shape.extents == extents else {
        throw layer.error("makes a tensor of \(extents), which is not what comes in")
      }
    }
    for node in graph.nodes where KerasMerge.operations.contains(node.operation) {
      let ranks = node.inputs.filter { graph.constants[$0] == nil }.compactMap { shapes[$0]?.rank }
      guard Set(ranks).count == 1 else {
        throw graph.error(
          "layer \(node.name.quoted) combines tensors of \(ranks) axes, which is not served")
      }
    }
  }
}
