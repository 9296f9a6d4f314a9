import GradCAMPPKernels

/// A network that is ready to explain: what a file brings, or what was inferred from it.
public struct LoadedModel: Sendable {
  /// A layer that users can name.
  public struct Layer: Sendable, Equatable {
    /// The name, such as "conv5_3".
    public let name: String
    /// What computes it, such as "convolution".
    public let kind: String
    /// The shape of its tensor without the batch: (h, w, channels) or (units).
    public let shape: Shape

    /// A layer.
    public init(name: String, kind: String, shape: Shape) {
      self.name = name
      self.kind = kind
      self.shape = shape
    }
  }

  /// What the architecture is called, such as "VGG16".
  public let architecture: String
  /// The graph with its weights.
  public let network: Network
  /// How pictures become the network's input.
  public let preprocessing: Preprocessing
  /// The layers that can be named, in the order of the data.
  public let layers: [Layer]
  /// The layer that is explained when none is named.
  public let defaultLayer: String
  /// How many tokens at the head of a layer of tokens are no part of the picture; nil for 0 or 1.
  let tokens: Int?
  /// The weights that the network has: those of layers under this library's names, then others.
  public let weights: WeightStore

  /// What is assumed because nothing says it, a sentence each.
  public let notes: [String]

  /// What makes the same network of `weights` again; nil where their names do.
  private let description: GraphDescription?

  /// The text that makes the same network of `weights` again, given with them as
  /// `ModelOptions.configuration`; nil where their names say what the network is.
  ///
  /// Throws `badData` for a network that no text can hold.
  public func configuration() throws(GradCAMError) -> String? { try description?.text() }

  /// The network of a graph: the passes go over it, and what remains becomes operators.
  init(
    _ model: ModelGraph, _ source: WeightStore, _ options: ModelOptions
  ) throws(GradCAMError) {
    var graph = model.graph
    graph.outputActivation = options.activation ?? graph.outputActivation
    try GraphPasses.apply(to: &graph)
    if let activation = options.activation, activation != graph.outputActivation {
      throw GradCAMError(
        .invalidArgument,
        "activation is \(activation.rawValue.quoted), but \(graph.origin) ends with "
          + "\(graph.outputActivation?.rawValue ?? "none")")
    }
    let lowered = try GraphLowering.network(of: graph)
    try Self.checkActivation(graph, of: lowered.network, asked: options.activation)
    let normalization = model.normalization
    let input = lowered.network.inputShape
    guard input.rank == 4, input.channels == 3 else {
      throw graph.error(
        "the network takes an input of shape \(input.withoutBatch); expected height x width x 3")
    }
    architecture = model.architecture
    network = lowered.network
    preprocessing = Preprocessing(
      inputHeight: input[1], inputWidth: input[2], normalization,
      framing: try model.framing(options))
    layers = lowered.layers.map { Layer(name: $0.name, kind: $0.kind, shape: $0.shape) }
    defaultLayer = model.defaultLayer
    notes = model.notes
    tokens = options.tokens
    weights = try WeightStore(
      origin: source.origin, lowered.weights,
      remarks: WeightRemarks(normalization: normalization))
    description =
      model.followsFromNames
      ? nil
      : GraphDescription(
        architecture: architecture, defaultLayer: defaultLayer, graph: lowered.blueprint)
  }
}
