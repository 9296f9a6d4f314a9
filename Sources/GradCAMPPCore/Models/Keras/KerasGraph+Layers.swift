import GradCAMPPKernels

extension KerasGraph {
  /// Layers that do nothing when a network is used.
  private static let idle: Set<String> = [
    "ActivityRegularization", "AlphaDropout", "Dropout", "GaussianDropout", "GaussianNoise",
    "RandomBrightness", "RandomContrast", "RandomFlip", "RandomRotation", "RandomTranslation",
    "RandomZoom", "SpatialDropout2D",
  ]

  /// Adds a layer to values and returns its output; throws `badData` naming a layer that is not
  /// understood.
  mutating func add(_ layer: KerasLayer, _ inputs: [String]) throws(GradCAMError) -> String {
    if let merge = KerasMerge.named(layer.kind) {
      return try addMerge(layer, inputs, merge.operation, merge.listed)
    }
    let input = try layer.only(inputs)
    if let value = try addActivation(layer, input) { return value }
    switch layer.kind {
    case _ where Self.idle.contains(layer.kind):
      return graph.add("Identity", name: layer.name, [input])
    case "Rescaling", "Normalization": return try addColors(layer, input)
    case "Conv2D", "Convolution2D", "DepthwiseConv2D": return try addConvolution(layer, input)
    case "SeparableConv2D", "SeparableConvolution2D": return try addSeparable(layer, input)
    case "Dense": return try addDense(layer, input)
    case "BatchNormalization", "BatchNormalizationV1", "BatchNormalizationV2":
      return try addNormalization(layer, input)
    case "MaxPooling2D", "MaxPool2D": return try addPool(layer, input, "MaxPool", .maxPooling)
    case "AveragePooling2D", "AvgPool2D":
      return try addPool(layer, input, "AveragePool", .averagePooling)
    case "GlobalAveragePooling2D", "GlobalAvgPool2D":
      return try addGlobalPool(layer, input, "GlobalAveragePool")
    case "GlobalMaxPooling2D", "GlobalMaxPool2D":
      return try addGlobalPool(layer, input, "GlobalMaxPool")
    case "ZeroPadding2D": return try addPadding(layer, input)
    case "Flatten": return try addFlatten(layer, input)
    case "Reshape": return try addReshape(layer, input)
    default: throw layer.error("is of a kind that is not served")
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
      let axis = layer["axis"]?.integers ?? []
      guard [[], [-1], [3]].contains(axis) else {
        throw layer.wrong("axis", layer["axis"] ?? .null, "that of the channels, or none")
      }
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
}
