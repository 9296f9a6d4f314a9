import GradCAMPPKernels

/// Takes changed pictures forward and back again for a method.
struct ChangedPictures: EvidenceSource {
  let picture: [Float]

  let batch = Model.scoredAtOnce

  private let model: Model
  private let target: any Target
  private let values: [Int]
  private let rule: any BackwardRule
  private let cancel: CancelToken?

  /// Evidence about `target` at `values`, of which 0 is the picture itself.
  init(
    _ model: Model, _ seen: SeenPicture, _ target: any Target, values: [Int],
    rule: any BackwardRule, _ cancel: CancelToken?
  ) {
    picture = seen.read { span in span.indices.map { Float(span[$0]) } }
    self.model = model
    self.target = target
    self.values = values
    self.rule = rule
    self.cancel = cancel
  }

  func layers(of pictures: [[Float]]) throws(GradCAMError) -> [[LayerEvidence]] {
    let preprocessing = model.loaded.preprocessing
    var evidence: [[LayerEvidence]] = []
    try model.runner.run(
      model.request(
        pictures: pictures.count, recorded: model.recorded(values),
        backward: [PlanRequest.Backward(destinations: values, rule: rule)]),
      cancel: cancel,
      writeInput: { input in
        for (place, picture) in pictures.enumerated() {
          let start = place * preprocessing.inputCount
          for index in picture.indices { input[start + index] = picture[index] }
          preprocessing.prepare(&input, at: start)
        }
      },
      chooseTargets: { results in
        results.map { [target.weights(model.network.output($0.output))] }
      },
      eachTarget: { results, walked throws(GradCAMError) in
        let layers = try model.layers(
          values, results[walked.picture], gradients: walked.gradients[0],
          picture: pictures[walked.picture])
        evidence.append(try layers.map { layer throws(GradCAMError) in try layer.copied() })
      })
    return evidence
  }
}
