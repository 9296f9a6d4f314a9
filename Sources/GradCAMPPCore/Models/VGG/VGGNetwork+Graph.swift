import GradCAMPPKernels

extension VGGNetwork {
  /// The network as a graph with what a graph does not say.
  func model(
    _ weights: WeightStore, _ options: ModelOptions, normalization: Normalization
  ) throws(GradCAMError) -> ModelGraph {
    var model = ModelGraph(
      architecture: architecture, graph: try graph(options),
      normalization: options.normalization(weights, else: normalization),
      defaultLayer: blocks.last?.last?.name ?? "")
    model.followsFromNames = !OriginalVGG.promisesMore(
      firstDense: blocks.count + 1, count: dense.count)
    return model
  }

  private func graph(_ options: ModelOptions) throws(GradCAMError) -> Graph {
    let size = try size(options.inputSize)
    var graph = Graph(origin: origin)
    let picture =
      layout == .channelsFirst ? [3, size.height, size.width] : [size.height, size.width, 3]
    graph.inputs = [
      Graph.Input(
        name: "input", extents: ([1] + picture).map { .fixed($0) }, layout: layout)
    ]
    var value = "input"
    for (index, block) in blocks.enumerated() {
      for layer in block {
        value = add(layer, "Conv", value, ["pads": .integers([1, 1, 1, 1])], options, to: &graph)
        value = rectify(layer, value, "convolution", in: &graph)
      }
      let name = "pool\(index + 1)"
      value = graph.add(
        "MaxPool", name: name, [value],
        ["kernel_shape": .integers([2, 2]), "strides": .integers([2, 2])], layout: layout)
      graph.layers.append(Graph.Layer(name: name, value: value, kind: "max pooling"))
    }
    if let cells = size.averaged {
      value = graph.add(
        "AdaptiveAveragePool", name: "average", [value], ["output_size": .integers(cells)],
        layout: layout)
      graph.layers.append(Graph.Layer(name: "average", value: value, kind: "average pooling"))
    }
    value = graph.add("Flatten", name: "flatten", [value])
    for (index, layer) in dense.enumerated() {
      value = add(layer, "Gemm", value, [:], options, to: &graph)
      if index + 1 < dense.count {
        value = rectify(layer, value, "dense", in: &graph)
      } else {
        graph.layers += [
          Graph.Layer(name: "\(layer.name)/linear", value: value, kind: nil),
          Graph.Layer(name: layer.name, value: value, kind: "dense"),
        ]
      }
    }
    graph.outputs = [value]
    return graph
  }

  /// Adds what has a layer's weights, and a batch normalisation behind it if there is one.
  private func add(
    _ layer: Layer, _ operation: String, _ input: String, _ attributes: [String: AttributeValue],
    _ options: ModelOptions, to graph: inout Graph
  ) -> String {
    var inputs = [input, graph.add(layer.weights, name: "\(layer.name)/weights")]
    if let biases = layer.biases {
      inputs.append(graph.add(GraphConstant(biases), name: "\(layer.name)/biases"))
    }
    let value = graph.add(operation, name: layer.name, inputs, attributes, layout: layout)
    guard let normalization = layer.normalization else { return value }
    let names = ["gamma", "beta", "mean", "variance"]
    let arrays = zip(names, normalization.arrays).map { name, array in
      graph.add(GraphConstant(array), name: "\(normalization.name)/\(name)")
    }
    return graph.add(
      "BatchNormalization", name: normalization.name, [value] + arrays,
      options.epsilon.map { ["epsilon": .number($0)] } ?? [:], layout: layout)
  }

  /// Adds the ReLU of a layer and gives it the layer's name.
  private func rectify(
    _ layer: Layer, _ value: String, _ kind: String, in graph: inout Graph
  ) -> String {
    let rectified = graph.add("Relu", name: "\(layer.name)/relu", [value])
    graph.layers += [
      Graph.Layer(name: "\(layer.name)/linear", value: value, kind: nil),
      Graph.Layer(name: layer.name, value: rectified, kind: kind),
    ]
    return rectified
  }
}
