import GradCAMPPKernels

/// A network with its weights, ready to explain; any number of threads may use it at once.
public final class Model: Sendable {
  /// What the model is.
  public let loaded: LoadedModel

  let runner: NetworkRunner

  /// The files that weights lie in; none for a network of arrays.
  private let files: [MappedFile]

  /// The model of these weights, which lie in `file` if they lie in one.
  ///
  /// Throws `badData` when they make no network that is known, or one that costs more than the
  /// options' limits allow.
  public convenience init(
    _ weights: WeightStore, _ options: ModelOptions = ModelOptions(), file: MappedFile? = nil
  ) throws(GradCAMError) {
    try self.init(
      try ModelBuilders.build(weights, options), files: file.map { [$0] } ?? [], options)
  }

  /// Opens a file of a network or of weights.
  public convenience init(
    path: String, _ options: ModelOptions = ModelOptions()
  ) throws(GradCAMError) {
    let file = try ModelFile(MappedFile(path: path, options.mode, options.limits), options)
    try self.init(
      try LoadedModel(file.model, file.source, file.options), files: file.files, file.options)
  }

  private init(
    _ loaded: LoadedModel, files: [MappedFile], _ options: ModelOptions
  ) throws(GradCAMError) {
    self.loaded = loaded
    self.files = files
    try NetworkCost(loaded.network).check(options.limits, origin: loaded.weights.origin)
    runner = NetworkRunner(loaded.network, limits: options.limits)
  }

  /// Throws `inputOutput` when a file of the model was changed since it was opened; a copy of it, and
  /// arrays, cannot.
  public func verify() throws(GradCAMError) {
    for file in files { try file.verify() }
  }

  /// Number of classes; 0 when the network ends with something else.
  public var classCount: Int {
    if case .classes = network.outputKind { network.outputDescription.classCount } else { 0 }
  }

  /// The `count` most probable classes, best first.
  ///
  /// Throws `invalidArgument` when the network does not end with classes.
  public func predict(
    _ image: RGBImage, count: Int, cancel: CancelToken? = nil
  ) throws(GradCAMError) -> [Prediction] {
    try network.outputDescription.check(classes: [])
    let seen = try see(image)
    var predictions: [Prediction] = []
    try runner.run(
      request(pictures: 1), cancel: cancel, writeInput: { write([seen], into: &$0) },
      chooseTargets: { results in
        predictions = network.output(results[0].output).predictions?.best(count) ?? []
        return [[]]
      })
    return predictions
  }

  // MARK: What every call needs

  var network: Network { loaded.network }

  /// A request for some pictures at once.
  func request(
    pictures: Int, recorded: [Int] = [], needsOutput: Bool = true,
    backward: [PlanRequest.Backward] = [], targetsPerWalk: Int = 1
  ) -> PlanRequest {
    PlanRequest(
      inputShape: Shape([pictures] + network.inputShape.extents.dropFirst()), recorded: recorded,
      needsOutput: needsOutput, backward: backward, targetsPerWalk: targetsPerWalk)
  }

  func see(_ image: RGBImage) throws(GradCAMError) -> SeenPicture {
    let preprocessing = loaded.preprocessing
    return try SeenPicture(height: preprocessing.inputHeight, width: preprocessing.inputWidth) {
      preprocessing.see(image, into: &$0)
    }
  }

  func write(_ seen: [SeenPicture], into input: inout MutableSpan<Float>) {
    let preprocessing = loaded.preprocessing
    var start = 0
    for picture in seen {
      picture.read { preprocessing.networkInput($0, into: &input, at: start) }
      start += preprocessing.inputCount
    }
  }

  /// The value that a layer's name means; throws `unknownLayer`.
  func value(_ layer: String) throws(GradCAMError) -> Int {
    guard let value = network.values[layer] else {
      throw GradCAMError(
        .unknownLayer,
        "layer \(layer.quoted) is unknown; the layers of this \(loaded.architecture) are "
          + loaded.layers.map(\.name).joined(separator: ", ")
          + ", and NAME/linear for the tensor before a layer's activation")
    }
    return value
  }

  /// The grid that a layer's tokens make; nil for a layer that has spatial axes itself.
  func grid(of value: Int) -> TokenGrid? {
    let (shape, input) = (network.shapes[value], network.inputShape)
    guard shape.rank == 3, input.rank == 4 else { return nil }
    return TokenGrid(
      tokens: shape[1], skipped: loaded.tokens, height: input[1], width: input[2])
  }

  /// The value of a layer that can be shown as a map.
  func spatialValue(_ layer: String) throws(GradCAMError) -> Int {
    let value = try value(layer)
    let shape = network.shapes[value]
    guard shape.rank != 3 || network.inputShape.rank != 4 || grid(of: value) != nil else {
      throw GradCAMError(
        .invalidArgument,
        "layer \(layer.quoted) has \(shape[1]) tokens, which make no grid of the input's proportions"
          + (loaded.tokens.map { " behind \($0)" } ?? "")
          + "; say with tokens how many at their head are no part of the picture")
    }
    guard network.shapes[value].rank > 2 else {
      throw GradCAMError(
        .invalidArgument,
        "layer \(layer.quoted) has no height and width to show; choose a convolution or a pool such as "
          + "\(loaded.defaultLayer)")
    }
    return value
  }

  /// The targets of a request, checked against the network's output.
  func targets(_ requests: [TargetRequest]) throws(GradCAMError) -> [any Target] {
    var targets: [any Target] = []
    for request in requests {
      targets.append(
        try Targets.named(request.kind, request.arguments, network.outputDescription))
    }
    return targets
  }

  /// The `count` most probable classes of a picture as targets; where a single sigmoid unit says
  /// no, what speaks against its class.
  func best(_ count: Int, of output: NetworkOutput) -> [any Target] {
    guard let predictions = output.predictions else { return [] }
    if predictions.count == 1, predictions[0].logit < 0 { return [NotTarget(0)] }
    return predictions.best(count).map { LogitTarget($0.index) }
  }
}
