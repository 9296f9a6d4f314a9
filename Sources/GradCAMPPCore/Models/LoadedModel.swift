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
  public internal(set) var preprocessing: Preprocessing
  /// The layers that can be named, in the order of the data.
  public let layers: [Layer]
  /// The layer that is explained when none is named.
  public let defaultLayer: String
  /// The weights that the network has, under this library's names.
  public let weights: WeightStore

  /// A network with what is needed to use it.
  public init(
    architecture: String, network: Network, preprocessing: Preprocessing, layers: [Layer],
    defaultLayer: String, weights: WeightStore
  ) {
    self.architecture = architecture
    self.network = network
    self.preprocessing = preprocessing
    self.layers = layers
    self.defaultLayer = defaultLayer
    self.weights = weights
  }
}
