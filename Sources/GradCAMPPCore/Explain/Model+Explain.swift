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
    var layers: [LayerEvidence] = []
    for (place, activations) in result.activations.enumerated() {
      let gradients = needs.gradients ? walked.gradients[0][place] : nil
      let grid = grid(of: wanted.values[place])
      layers.append(
        try LayerEvidence(
          activations: grid.map { grid throws(GradCAMError) in try grid.cells(of: activations) }
            ?? activations,
          gradients: gradients.map { gradients throws(GradCAMError) in
            try grid?.cells(of: gradients) ?? gradients
          }))
    }
    let scorer = needs.scoring ? PictureScorer(self, seen, target, wanted.options.cancel) : nil
    let map = ClassActivationMap(try wanted.method.map(Evidence(layers, scorer: scorer)))
    let output = network.output(result.output)
    let predictions = output.predictions
    let weights = try map.channelWeights.map { weights throws(GradCAMError) in
      try Tensor(Shape([weights.count]), weights.map { Float($0) })
    }
    return Explanation(
      Explanation.Parts(
        method: type(of: wanted.method).name, layer: wanted.layers.joined(separator: ", "),
        target: target.classIndex.flatMap { predictions?[$0] },
        targetKind: type(of: target).name, score: target.score(output),
        predictions: predictions?.best(Predictions.kept) ?? [],
        heatmap: try map.enlarged(to: [seen.height, seen.width]), cam: try map.tensor(),
        scale: map.scale, channelWeights: weights,
        guidedGradients: wanted.options.isGuided
          ? try pixelGradient(walked.gradients[walked.gradients.count - 1][0]) : nil,
        seen: seen, area: area))
  }

  private func pixelGradient(_ networkGradient: Tensor) throws(GradCAMError) -> Tensor {
    try Tensor(networkGradient.shape) { pixels in
      networkGradient.read { loaded.preprocessing.pixelGradient($0, into: &pixels) }
    }
  }
}

/// What a call asks of a model, checked.
private struct Wanted {
  let options: ExplainOptions
  let method: any AttributionMethod
  let layers: [String]
  let targets: [any Target]
  /// The values of the layers.
  let values: [Int]

  init(_ options: ExplainOptions, of model: Model) throws(GradCAMError) {
    self.options = options
    method = try AttributionMethods.named(options.method, options: options.methodOptions)
    layers = options.layers.isEmpty ? [model.loaded.defaultLayer] : options.layers
    var values: [Int] = []
    for layer in layers { values.append(try model.spatialValue(layer)) }
    self.values = values
    guard layers.count == 1 || type(of: method).needs.layers == .several else {
      throw GradCAMError(
        .invalidArgument,
        "method \(options.method.quoted) explains one layer, and \(layers.count) are given")
    }
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

  func request(pictures: Int, of model: Model) -> PlanRequest {
    var backward: [PlanRequest.Backward] = []
    if type(of: method).needs.gradients {
      backward.append(PlanRequest.Backward(destinations: values, rule: .gradient))
    }
    if options.isGuided { backward.append(PlanRequest.Backward(destination: 0, rule: .guided)) }
    // A guided walk needs the activations of every layer: copied for each target they would fill
    // memory, and its time is spent in convolutions anyway.
    return model.request(
      pictures: pictures, recorded: values, backward: backward,
      targetsPerWalk: options.isGuided ? 1 : min(options.targetCount, Model.targetsAtOnce))
  }
}
