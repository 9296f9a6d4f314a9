import GradCAMPPKernels

/// Infers a network from named arrays of weights.
public protocol ModelBuilder: Sendable {
  /// Whose weights it knows, as said in messages.
  static var name: String { get }

  /// Whether the arrays' names are those of its architectures.
  static func recognizes(_ weights: WeightStore) -> Bool

  /// The network as a graph; throws `badData` naming the layer or array that does not fit.
  static func graph(
    _ weights: WeightStore, _ options: ModelOptions
  ) throws(GradCAMError) -> ModelGraph
}

/// The architectures that can be inferred from weights.
public enum ModelBuilders {
  /// Every builder, in the order in which weights are tried.
  public static let all: [any ModelBuilder.Type] = [
    TorchVGG.self,
    KerasVGG.self,
    TorchResNet.self,
    TorchDenseNet.self,
    TorchInvertedResiduals.self,
    OriginalVGG.self,
  ]

  /// The network of these weights, whose names may be another program's; throws `badData` when no
  /// architecture has such layers.
  public static func build(
    _ weights: WeightStore, _ options: ModelOptions = ModelOptions()
  ) throws(GradCAMError) -> LoadedModel {
    let model = try graph(weights, options)
    return try LoadedModel(model, weights, options)
  }

  /// The graph of these weights, as it is before any pass.
  public static func graph(
    _ weights: WeightStore, _ options: ModelOptions = ModelOptions()
  ) throws(GradCAMError) -> ModelGraph {
    if let model = try described(weights, options) {
      try checkTypes(weights, ignored: model.ignored)
      return model
    }
    guard let builder = all.first(where: { $0.recognizes(weights) }) else {
      // The names of a network that nobody recognizes say more than its counts of training steps.
      try checkTypes(weights, ignored: Set(TorchVGG.counters(weights)))
      let names = weights.layers.prefix(4).map(\.quoted).joined(separator: ", ")
      if let network = UnservedNetwork(weights) { throw network.error(weights.origin) }
      throw GradCAMError(
        .badData,
        "\(weights.origin) holds no network that is known: found "
          + (names.isEmpty ? "no layers" : names + (weights.layers.count > 4 ? ", …" : ""))
          + "; expected layers named conv1_1, conv1_2, … and fc6, fc7, fc8, or the names of "
          + all.dropLast().map { $0.name }.joined(separator: ", "))
    }
    let model = try builder.graph(weights, options)
    try checkTypes(weights, ignored: model.ignored)
    return model
  }

  /// The network of weights that came with a description; nil when that describes none.
  private static func described(
    _ weights: WeightStore, _ options: ModelOptions
  ) throws(GradCAMError) -> ModelGraph? {
    guard let text = options.configuration else { return nil }
    let value = try JSONValue(text, name: "\(weights.origin): its configuration")
    guard GraphDescription.isDescription(value) else {
      return try KerasModel.graph(value, weights, options)
    }
    guard let normalization = options.normalization ?? weights.normalization else {
      throw GradCAMError(
        .badData,
        "\(weights.origin) does not say what is done to colours before they go in; say it with "
          + "preprocessing")
    }
    let description = try GraphDescription(value, weights)
    var graph = description.graph
    graph.inputSize = options.inputSize
    try BindInput.apply(to: &graph)
    return ModelGraph(
      architecture: description.architecture, graph: graph,
      normalization: normalization, defaultLayer: description.defaultLayer)
  }

  /// Throws `badData` naming an array of numbers that the network would have to do without.
  private static func checkTypes(
    _ weights: WeightStore, ignored: Set<String>
  ) throws(GradCAMError) {
    let others = weights.otherTypes.filter { !ignored.contains($0.key) }
    guard let (name, type) = others.min(by: { $0.key < $1.key }) else { return }
    throw GradCAMError(
      .badData,
      "\(weights.origin): \(name.quoted) is of dtype \(type); expected float16, bfloat16, "
        + "float32 or float64")
  }
}
