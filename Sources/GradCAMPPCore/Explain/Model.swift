import GradCAMPPKernels

/// A network with its weights, ready to explain; any number of threads may use it at once.
public final class Model: Sendable {
  /// What the model is.
  public let loaded: LoadedModel

  private let runner: NetworkRunner

  /// Predictions that an explanation keeps.
  static let predictionsKept = 5

  /// The most classes that one walk back takes together.
  static let targetsAtOnce = 8

  /// The model of these weights; throws `badData` when they make no network that is known.
  public init(
    _ weights: WeightStore, _ options: ModelOptions = ModelOptions()
  ) throws(GradCAMError) {
    loaded = try ModelBuilders.build(weights, options)
    runner = NetworkRunner(loaded.network)
  }

  /// Opens a weight file.
  public convenience init(
    path: String, _ options: ModelOptions = ModelOptions()
  ) throws(GradCAMError) {
    try self.init(WeightFormats.open(path: path), options)
  }

  /// Number of classes.
  public var classCount: Int { loaded.network.classCount }

  /// The `count` most probable classes, best first.
  public func predict(_ image: RGBImage, count: Int) throws(GradCAMError) -> [Prediction] {
    var predictions: [Prediction] = []
    try run(PlanRequest(inputShape: inputShape), [see(image)]) { result in
      predictions = Predictions(logits: result.logits).best(count)
    }
    return predictions
  }

  /// Explains a picture: one explanation for each target, all from one forward pass.
  ///
  /// Throws `invalidArgument` for an unknown method or a layer without spatial axes,
  /// `unknownLayer`, and `classIndex` for a target that is no class.
  public func explain(
    _ image: RGBImage, _ options: ExplainOptions = ExplainOptions()
  ) throws(GradCAMError) -> [Explanation] {
    try explain([image], options)[0]
  }

  /// Explains pictures together, so that dense weights are read once for all of them.
  ///
  /// Each map is bit for bit that of its picture alone.
  public func explain(
    _ images: [RGBImage], _ options: ExplainOptions
  ) throws(GradCAMError) -> [[Explanation]] {
    let method = try AttributionMethods.named(options.method)
    let layer = options.layer ?? loaded.defaultLayer
    let value = try spatialValue(layer)
    try checkTargets(options.targets)
    guard options.topCount == 0 || (options.targets.isEmpty && options.topCount <= classCount)
    else {
      throw GradCAMError(
        .invalidArgument,
        "the \(options.topCount) most probable classes are wanted beside "
          + "\(options.targets.count) targets; expected up to \(classCount) classes and no target")
    }
    guard !images.isEmpty else { return [] }
    var seen: [SeenPicture] = []
    for image in images { seen.append(try see(image)) }
    var backward = [PlanRequest.Backward(destination: value, rule: .gradient)]
    if options.isGuided { backward.append(PlanRequest.Backward(destination: 0, rule: .guided)) }
    // A guided walk needs the activations of every layer: copied for each target they would fill
    // memory, and its time is spent in convolutions anyway.
    let request = PlanRequest(
      inputShape: Shape([images.count] + inputShape.extents.dropFirst()), recorded: [value],
      backward: backward,
      targetsPerWalk: options.isGuided ? 1 : min(options.targetCount, Self.targetsAtOnce))
    var explanations = images.map { _ in [Explanation]() }
    try run(request, seen, targets: options.targets, best: max(options.topCount, 1)) {
      results, walked throws(GradCAMError) in
      let result = results[walked.picture]
      let predictions = Predictions(logits: result.logits)
      let evidence = try Evidence(
        activations: result.activations[0], gradients: walked.gradients[0])
      let map = ClassActivationMap(method, evidence)
      let picture = seen[walked.picture]
      let parts = Explanation.Parts(
        method: method.name, layer: layer, target: predictions[walked.target],
        predictions: predictions.best(Self.predictionsKept),
        heatmap: try map.enlarged(to: [picture.height, picture.width]), cam: try map.tensor(),
        scale: map.scale,
        channelWeights: try Tensor(
          Shape([map.channelWeights.count]), map.channelWeights.map { Float($0) }),
        guidedGradients: options.isGuided ? try pixelGradient(walked.gradients[1]) : nil,
        seen: picture, area: loaded.preprocessing.area(of: images[walked.picture]))
      explanations[walked.picture].append(Explanation(parts))
    }
    return explanations
  }

  /// The activations of a layer, (h, w, channels) or (units).
  public func activations(_ image: RGBImage, layer: String) throws(GradCAMError) -> Tensor {
    let value = try value(layer)
    let request = PlanRequest(inputShape: inputShape, recorded: [value], needsLogits: false)
    var found: [Tensor] = []
    try run(request, [see(image)]) { result throws(GradCAMError) in
      found.append(try result.activations[0].copied())
    }
    return found[0]
  }

  /// The gradient of a class's logit by a layer's tensor; nil is the predicted class.
  public func gradients(
    _ image: RGBImage, layer: String, target: Int?
  ) throws(GradCAMError) -> Tensor {
    let value = try value(layer)
    let targets = target.map { [$0] } ?? []
    try checkTargets(targets)
    let request = PlanRequest(
      inputShape: inputShape,
      backward: [PlanRequest.Backward(destination: value, rule: .gradient)])
    var found: [Tensor] = []
    try run(request, [see(image)], targets: targets) { _, walked throws(GradCAMError) in
      found.append(try walked.gradients[0].copied())
    }
    return found[0]
  }

  private var inputShape: Shape { loaded.network.inputShape }

  private func see(_ image: RGBImage) throws(GradCAMError) -> SeenPicture {
    let preprocessing = loaded.preprocessing
    return try SeenPicture(height: preprocessing.inputHeight, width: preprocessing.inputWidth) {
      preprocessing.see(image, into: &$0)
    }
  }

  /// Runs forward only.
  private func run(
    _ request: PlanRequest, _ seen: [SeenPicture],
    eachPicture: (ForwardResult) throws(GradCAMError) -> Void
  ) throws(GradCAMError) {
    try runner.run(
      request, writeInput: { write(seen, into: &$0) },
      chooseTargets: { results throws(GradCAMError) in
        for result in results { try eachPicture(result) }
        return results.map { _ in [] }
      })
  }

  /// Runs forward, and back from the targets, or without any from the `count` most probable
  /// classes.
  private func run(
    _ request: PlanRequest, _ seen: [SeenPicture], targets: [Int], best count: Int = 1,
    eachTarget: ([ForwardResult], TargetResult) throws(GradCAMError) -> Void
  ) throws(GradCAMError) {
    try runner.run(
      request, writeInput: { write(seen, into: &$0) },
      chooseTargets: { results in
        results.map { result in
          targets.isEmpty ? Predictions(logits: result.logits).best(count).map(\.index) : targets
        }
      },
      eachTarget: eachTarget)
  }

  private func write(_ seen: [SeenPicture], into input: inout MutableSpan<Float>) {
    let preprocessing = loaded.preprocessing
    var start = 0
    for picture in seen {
      picture.read { preprocessing.networkInput($0, into: &input, at: start) }
      start += preprocessing.inputCount
    }
  }

  private func pixelGradient(_ networkGradient: Tensor) throws(GradCAMError) -> Tensor {
    try Tensor(networkGradient.shape) { pixels in
      networkGradient.read { loaded.preprocessing.pixelGradient($0, into: &pixels) }
    }
  }

  private func value(_ layer: String) throws(GradCAMError) -> Int {
    guard let value = loaded.network.values[layer] else {
      throw GradCAMError(
        .unknownLayer,
        "layer \(layer.quoted) is unknown; the layers of this \(loaded.architecture) are "
          + loaded.layers.map(\.name).joined(separator: ", ")
          + ", and NAME/linear for the tensor before a ReLU")
    }
    return value
  }

  private func spatialValue(_ layer: String) throws(GradCAMError) -> Int {
    let value = try value(layer)
    guard loaded.network.shapes[value].rank > 2 else {
      throw GradCAMError(
        .invalidArgument,
        "layer \(layer.quoted) has no height and width to show; choose a convolution or a pool such as "
          + "\(loaded.defaultLayer)")
    }
    return value
  }

  private func checkTargets(_ targets: [Int]) throws(GradCAMError) {
    for target in targets where !(0..<classCount).contains(target) {
      throw GradCAMError(
        .classIndex,
        "class \(target) does not exist; the model has \(classCount) classes, 0 to "
          + "\(classCount - 1)")
    }
  }
}
