import GradCAMPPKernels

extension Model {
  /// The activations of a layer, (h, w, channels) or (units).
  public func activations(
    _ image: RGBImage, layer: String, cancel: CancelToken? = nil
  ) throws(GradCAMError) -> Tensor {
    let value = try value(layer)
    let seen = try see(image)
    var found: [Tensor] = []
    try runner.run(
      request(pictures: 1, recorded: [value], needsOutput: false), cancel: cancel,
      writeInput: { write([seen], into: &$0) },
      chooseTargets: { results throws(GradCAMError) in
        found.append(try results[0].activations[0].copied())
        return [[]]
      })
    return found[0]
  }

  /// The gradient of a target's score by a layer's tensor; nil is the predicted class.
  public func gradients(
    _ image: RGBImage, layer: String, target: TargetRequest?, cancel: CancelToken? = nil
  ) throws(GradCAMError) -> Tensor {
    let value = try value(layer)
    let wanted = try targets(target.map { [$0] } ?? [])
    if wanted.isEmpty { try network.outputDescription.check(classes: []) }
    let seen = try see(image)
    var found: [Tensor] = []
    try runner.run(
      request(
        pictures: 1, backward: [PlanRequest.Backward(destination: value, rule: .gradient)]),
      cancel: cancel,
      writeInput: { write([seen], into: &$0) },
      chooseTargets: { results in
        let output = network.output(results[0].output)
        return [(wanted.isEmpty ? best(1, of: output) : wanted).map { $0.weights(output) }]
      },
      eachTarget: { _, walked throws(GradCAMError) in
        found.append(try walked.gradients[0][0].copied())
      })
    return found[0]
  }
}
