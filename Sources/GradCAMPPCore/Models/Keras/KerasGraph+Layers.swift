import GradCAMPPKernels

extension KerasGraph {
  /// Layers that do nothing when a network is used.
  private static let idle: Set<String> = [
    "ActivityRegularization", "AlphaDropout", "Dropout", "GaussianDropout", "GaussianNoise",
    "RandomBrightness", "RandomContrast", "RandomFlip", "RandomRotation", "RandomTranslation",
    "RandomZoom", "SpatialDropout2D",
  ]

  /// Adds a layer to a value and returns its output; throws `badData` naming a layer that is not
  /// understood.
  mutating func add(_ layer: KerasLayer, _ input: String) throws(GradCAMError) -> String {
    switch layer.kind {
    case _ where Self.idle.contains(layer.kind):
      return graph.add("Identity", name: layer.name, [input])
    case "Rescaling", "Normalization": return try addColors(layer, input)
    case "Conv2D", "Convolution2D", "DepthwiseConv2D": return try addConvolution(layer, input)
    case "Dense": return try addDense(layer, input)
    case "BatchNormalization", "BatchNormalizationV1", "BatchNormalizationV2":
      return try addNormalization(layer, input)
    case "MaxPooling2D", "MaxPool2D":
      return try addPool(layer, input, "MaxPool", "max pooling")
    case "AveragePooling2D", "AvgPool2D":
      return try addPool(layer, input, "AveragePool", "average pooling")
    case "GlobalAveragePooling2D": return try addGlobalPool(layer, input)
    case "ZeroPadding2D": return try addPadding(layer, input)
    case "Flatten": return try addFlatten(layer, input)
    case "Activation": return try activated(layer, input, name: layer.name)
    case "Softmax":
      try layer.require("axis", .number(-1))
      return graph.add("Softmax", name: layer.name, [input])
    case "ReLU":
      try layer.require("max_value", .null)
      try layer.require("negative_slope", .number(0))
      try layer.require("threshold", .number(0))
      return graph.add("Relu", name: layer.name, [input])
    default: throw layer.error("is of a kind that is not served")
    }
  }

  /// The value after a layer's activation.
  private mutating func activated(
    _ layer: KerasLayer, _ value: String, name: String
  ) throws(GradCAMError) -> String {
    guard let said = layer["activation"] else { return value }
    switch said.text {
    case "linear": return value
    case "relu": return graph.add("Relu", name: name, [value])
    case "softmax": return graph.add("Softmax", name: name, [value])
    case "sigmoid": return graph.add("Sigmoid", name: name, [value])
    default: throw layer.wrong("activation", said, "linear, relu, softmax or sigmoid")
    }
  }

  private mutating func addColors(
    _ layer: KerasLayer, _ input: String
  ) throws(GradCAMError) -> String {
    guard named.isEmpty, graph.nodes.allSatisfy({ $0.operation == "Identity" }),
      graph.inputs.first?.layout == .channelsLast
    else { throw layer.error("stands behind other layers; expected it before all, channels last") }
    if layer.kind == "Rescaling" {
      guard let scale = layer["scale"]?.numbers,
        let offset = (layer["offset"] ?? .number(0)).numbers
      else {
        throw layer.error("has a scale or offset that is no number")
      }
      try colors.add(scales: scale, offsets: offset, layer)
    } else {
      try layer.require("invert", .flag(false))
      var mean = layer["mean"]?.numbers
      var variance = layer["variance"]?.numbers
      if mean == nil, variance == nil {
        mean = try variables.take("mean", 0, of: layer).floats().map(Double.init)
        variance = try variables.take("variance", 1, of: layer).floats().map(Double.init)
      }
      variables.drop("count", 2, of: layer)
      guard let mean, let variance, mean.count == variance.count else {
        throw layer.error("has no mean and variance")
      }
      // Keras divides by no less than its epsilon.
      let deviations = variance.map { max($0.squareRoot(), 1e-7) }
      try colors.add(
        scales: deviations.map { 1 / $0 }, offsets: zip(mean, deviations).map { -$0 / $1 }, layer)
    }
    return graph.add("Identity", name: layer.name, [input])
  }

  private mutating func addConvolution(
    _ layer: KerasLayer, _ input: String
  ) throws(GradCAMError) -> String {
    let isDepthwise = layer.kind == "DepthwiseConv2D"
    var kernel = try variables.take(isDepthwise ? "depthwise_kernel" : "kernel", 0, of: layer)
    guard kernel.shape.rank == 4, kernel.shape.count > 0 else {
      throw layer.error("has a kernel of shape \(kernel.shape); expected height x width x ...")
    }
    let inputs = kernel.shape[2]
    if isDepthwise {
      // (height, width, channels, multiplier): each channel is a group.
      kernel = kernel.viewed(
        as: Shape([kernel.shape[0], kernel.shape[1], 1, inputs * kernel.shape[3]]))
    }
    let groups = try isDepthwise ? inputs : layer["groups"].map(whole(layer, "groups")) ?? 1
    var attributes = try windows(layer, dilation: "dilation_rate")
    attributes["group"] = .integer(groups)
    attributes["kernel_shape"] = .integers([kernel.shape[0], kernel.shape[1]])
    try checkStated("kernel_size", layer, [kernel.shape[0], kernel.shape[1]])
    if !isDepthwise { try checkStated("filters", layer, [kernel.shape[3]]) }
    let value = try addWeights(
      layer, "Conv", input, GraphConstant(kernel, order: .filter(4)), attributes,
      layout: layer.layout())
    named.append((layer.name, value, "convolution"))
    return try activated(layer, value, name: "\(layer.name)/activation")
  }

  private mutating func addDense(
    _ layer: KerasLayer, _ input: String
  ) throws(GradCAMError) -> String {
    let kernel = try variables.take("kernel", 0, of: layer)
    guard kernel.shape.rank == 2 else {
      throw layer.error("has a kernel of shape \(kernel.shape); expected inputs x units")
    }
    try checkStated("units", layer, [kernel.shape[1]])
    let value = try addWeights(
      layer, "Gemm", input, GraphConstant(kernel), [:], layout: .channelsLast)
    named.append((layer.name, value, "dense"))
    return try activated(layer, value, name: "\(layer.name)/activation")
  }

  private mutating func addWeights(
    _ layer: KerasLayer, _ operation: String, _ input: String, _ kernel: GraphConstant,
    _ attributes: [String: AttributeValue], layout: GraphNode.Layout
  ) throws(GradCAMError) -> String {
    var inputs = [input, graph.add(kernel, name: "\(layer.name)/weights")]
    if try layer.flag("use_bias", default: true) {
      let biases = try variables.take("bias", 1, of: layer)
      inputs.append(graph.add(GraphConstant(biases), name: "\(layer.name)/biases"))
    }
    return graph.add(operation, name: layer.name, inputs, attributes, layout: layout)
  }

  private func checkStated(
    _ name: String, _ layer: KerasLayer, _ expected: [Int]
  ) throws(GradCAMError) {
    guard let said = layer[name] else { return }
    let integers = said.integers ?? []
    let list = integers.count == 1 && expected.count == 2 ? integers + integers : integers
    guard list == expected else { throw layer.wrong(name, said, "\(expected), as its kernel has") }
  }
}
