import GradCAMPPKernels

/// What is said about a model when it is opened; the defaults are what the weights say.
public struct ModelOptions: Sendable {
  /// How colours go in; nil for what the weights or their names say.
  public var normalization: Normalization?
  /// How much of a picture is seen, and how it is resized.
  public var framing: Framing
  /// How a file comes into memory.
  public var mode: MappedFile.Mode
  /// What a file and its network may cost.
  public var limits: Limits
  /// Height and width of the input; nil for what the weights say.
  public var inputSize: [Int]?
  /// What made probabilities of the logits; nil for what the weights say.
  public var activation: OutputKind.Probabilities?
  /// The epsilon of batch normalisations whose file does not say theirs; nil for 1e-5.
  public var epsilon: Double?
  /// The output that is explained, of a file with several; nil for the one that holds classes.
  public var output: String?
  /// Values of inputs other than the pictures', by name.
  public var inputs: [String: GraphConstant] = [:]
  /// How many tokens at the head of a layer of tokens are no part of the picture; nil for 0 or 1,
  /// whichever leaves as many as a grid of the input's proportions has.
  public var tokens: Int?
  /// What came with the arrays and describes their network: Keras's configuration, in JSON.
  public var configuration: String?

  /// The defaults, but for what is given.
  public init(
    normalization: Normalization? = nil, framing: Framing = Framing(),
    mode: MappedFile.Mode = .mapped, limits: Limits = Limits(), inputSize: [Int]? = nil,
    activation: OutputKind.Probabilities? = nil, epsilon: Double? = nil,
    configuration: String? = nil
  ) {
    self.normalization = normalization
    self.framing = framing
    self.mode = mode
    self.limits = limits
    self.inputSize = inputSize
    self.activation = activation
    self.epsilon = epsilon
    self.configuration = configuration
  }

  /// Takes what the weights' origin says where the caller says nothing; colours are asked for apart.
  ///
  /// Throws `badData` for an activation that is not known.
  mutating func fill(from weights: WeightStore) throws(GradCAMError) {
    let remarks = weights.remarks
    inputSize = inputSize ?? remarks.inputSize
    configuration = configuration ?? remarks.configuration
    guard activation == nil, let name = remarks.activation else { return }
    activation = OutputKind.Probabilities(rawValue: name)
    guard activation != nil else {
      throw GradCAMError(
        .badData,
        "\(weights.origin): its activation is \(name.quoted); expected softmax or sigmoid")
    }
  }

  /// How colours go in: as the caller says, else as the weights say, else as their names tell.
  func normalization(_ weights: WeightStore, else value: Normalization) -> Normalization {
    normalization ?? weights.normalization ?? value
  }
}
