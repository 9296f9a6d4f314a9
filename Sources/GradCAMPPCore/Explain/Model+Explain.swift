import GradCAMPPKernels

extension Model {
  /// The most targets that one walk back takes together.
  static let targetsAtOnce = 8

  /// Explains a picture: one explanation for each target, all from one forward pass.
  ///
  /// Throws `invalidArgument` for an unknown method, option or kind of target and for a layer
  /// without spatial axes, `unknownLayer`, `classIndex` for a class that does not exist, and
  /// `cancelled`.
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
    let wanted = try Wanted(options, of: self)
    guard !images.isEmpty else { return [] }
    var seen: [SeenPicture] = []
    for image in images { seen.append(try see(image)) }
    var targets: [[any Target]] = []
    var explanations = images.map { _ in [Explanation]() }
    try runner.run(
      wanted.request(pictures: images.count, of: self), cancel: options.cancel,
      writeInput: { write(seen, into: &$0) },
      chooseTargets: { results in
        let outputs = results.map { network.output($0.output) }
        targets = outputs.map {
          wanted.targets.isEmpty ? best(max(options.topCount, 1), of: $0) : wanted.targets
        }
        return zip(targets, outputs).map { targets, output in targets.map { $0.weights(output) } }
      },
      eachTarget: { results, walked throws(GradCAMError) in
        let target = targets[walked.picture][walked.place]
        let picture = seen[walked.picture]
        explanations[walked.picture].append(
          try explanation(
            wanted, results[walked.picture], walked, target, picture,
            loaded.preprocessing.area(of: images[walked.picture])))
      })
    return explanations
  }

  /// One explanation, from what a run delivers.
  private func explanation(
    _ wanted: Wanted, _ result: ForwardResult, _ walked: TargetResult, _ target: any Target,
    _ seen: SeenPicture, _ area: PictureArea
  ) throws(GradCAMError) -> Explanation {
    let needs = type(of: wanted.method).needs
    // A copy of the picture, which most methods have no use for.
    let source =
      needs.repeats || needs.layers == .input
      ? ChangedPictures(
        self, seen, target, values: wanted.values, rule: needs.rule, wanted.options.cancel) : nil
    let layers = try layers(
      wanted.values, result, gradients: needs.gradients ? walked.gradients[0] : nil,
      picture: source?.picture ?? [])
    let scorer =
      needs.scoring ? try PictureScorer(self, seen, target, wanted.options.cancel) : nil
    let evidence = Evidence(layers, scorer: scorer, source: source)
    let map = ClassActivationMap(try wanted.method.map(evidence))
    let output = network.output(result.output)
    let predictions = output.predictions
    let weights = try map.channelWeights.map { weights throws(GradCAMError) in
      try Tensor(Shape([weights.count]), weights.map { Float($0) })
    }
    return Explanation(
      Explanation.Parts(
        method: type(of: wanted.method).name, layer: wanted.layerNames,
        target: target.classIndex.flatMap { predictions?[$0] },
        targetKind: type(of: target).name, score: target.score(output),
        predictions: predictions?.best(Predictions.kept) ?? [],
        heatmap: try map.enlarged(to: [seen.height, seen.width]), cam: try map.tensor(),
        scale: map.scale, channelWeights: weights,
        guidedGradients: wanted.options.isGuided
          ? try pixelGradient(walked.gradients[walked.gradients.count - 1][0]) : nil,
        seen: seen, area: area))
  }
}

/// What a call asks of a model, checked.
private struct Wanted {
  let options: ExplainOptions
  let method: any AttributionMethod
  /// The layers, as an explanation names them.
  let layerNames: String
  let targets: [any Target]
  /// The layers' values; 0 for the picture itself.
  let values: [Int]

  init(_ options: ExplainOptions, of model: Model) throws(GradCAMError) {
    self.options = options
    method = try AttributionMethods.named(options.method, options: options.methodOptions)
    (layerNames, values) = try Self.layers(options, type(of: method).needs.layers, of: model)
    targets = try model.targets(options.targets)
    if targets.isEmpty { try model.network.outputDescription.check(classes: []) }
    guard
      options.topCount == 0 || (options.targets.isEmpty && options.topCount <= model.classCount)
    else {
      throw GradCAMError(
        .invalidArgument,
        "the \(options.topCount) most probable classes are wanted beside "
          + "\(options.targets.count) targets; expected up to \(model.classCount) classes and no "
          + "target")
    }
  }

  /// What the method looks at: the layers asked for, or the picture itself.
  private static func layers(
    _ options: ExplainOptions, _ wanted: MethodNeeds.Layers, of model: Model
  ) throws(GradCAMError) -> (names: String, values: [Int]) {
    if wanted == .input {
      guard options.layers.isEmpty else {
        throw GradCAMError(
          .invalidArgument,
          "method \(options.method.quoted) looks at the picture itself, and layer "
            + "\(options.layers[0].quoted) is given; give no layer")
      }
      return ("input", [0])
    }
    let layers = options.layers.isEmpty ? [model.loaded.defaultLayer] : options.layers
    var values: [Int] = []
    for layer in layers { values.append(try model.spatialValue(layer)) }
    guard layers.count == 1 || wanted == .several else {
      throw GradCAMError(
        .invalidArgument,
        "method \(options.method.quoted) explains one layer, and \(layers.count) are given")
    }
    return (layers.joined(separator: ", "), values)
  }

  func request(pictures: Int, of model: Model) -> PlanRequest {
    let needs = type(of: method).needs
    var backward: [PlanRequest.Backward] = []
    if needs.gradients {
      backward.append(PlanRequest.Backward(destinations: values, rule: needs.rule))
    }
    if options.isGuided { backward.append(PlanRequest.Backward(destination: 0, rule: .guided)) }
    // A guided walk needs the activations of every layer: copied for each target they would fill
    // memory, and its time is spent in convolutions anyway.
    return model.request(
      pictures: pictures, recorded: model.recorded(values), backward: backward,
      targetsPerWalk: options.isGuided ? 1 : min(options.targetCount, Model.targetsAtOnce))
  }
}
