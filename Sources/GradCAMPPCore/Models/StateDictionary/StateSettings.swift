import GradCAMPPKernels

/// What is said of a state dictionary's network besides its weights: by the caller, by the weights'
/// file, by timm's configuration beside it; in this order.
struct StateSettings {
  private let weights: WeightStore
  private let options: ModelOptions
  /// What timm says; nil where it says nothing.
  let configuration: TimmConfiguration?

  init(_ weights: WeightStore, _ options: ModelOptions) throws(GradCAMError) {
    self.weights = weights
    self.options = options
    configuration = try options.configuration.flatMap { text throws(GradCAMError) in
      try TimmConfiguration(text, origin: "\(weights.origin): its configuration")
    }
  }

  /// The epsilon of batch normalisations.
  func epsilon(else value: Double) -> Double { options.epsilon ?? value }

  /// How colours go in.
  func normalization(else value: Normalization) -> Normalization {
    options.normalization(weights, else: configuration?.normalization ?? value)
  }

  /// Height and width of the input, `value` rows and columns where nothing is said.
  func inputSize(else value: Int) throws(GradCAMError) -> [Int] {
    let size = options.inputSize ?? configuration?.inputSize ?? [value, value]
    guard size.count == 2, size.allSatisfy({ (1...VGGNetwork.largestSide).contains($0) }) else {
      throw GradCAMError(
        .invalidArgument,
        "input_size is \(size); expected a height and a width of at most \(VGGNetwork.largestSide)")
    }
    return size
  }

  /// A note that the structure is a family's, since no name says so.
  func assumption(_ family: String) -> String {
    "\(weights.origin): strides, padding and activations are taken to be those of \(family), since "
      + "names and shapes do not say them and the network is none that was published"
  }

  /// The model, whose architecture must be the one that timm's configuration names.
  func checked(_ model: ModelGraph) throws(GradCAMError) -> ModelGraph {
    var model = model
    model.framing = configuration?.framing ?? model.framing
    guard let said = configuration?.architecture, !TimmConfiguration.means(said, model.architecture)
    else { return model }
    throw GradCAMError(
      .badData,
      "\(weights.origin): its configuration says that it is a \(said.quoted), but its names are "
        + "those of a \(model.architecture), and what differs no name tells; export the network to "
        + "ONNX")
  }
}
