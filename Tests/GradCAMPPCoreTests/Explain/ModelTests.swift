import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

@Suite("A model explains")
struct ModelTests {
  /// The whole network once more in float64, forward and backward, from definitions.
  private struct SlowNetwork {
    /// Values after each operator, the input first.
    var values: [[Double]]
    let network: Network

    init(_ network: Network, _ vgg: SmallVGG, input: [Double]) {
      self.network = network
      values = [input]
      let arrays = Dictionary(
        uniqueKeysWithValues: vgg.arrays().map { ($0.name, $0.values.map(Double.init)) })
      let names = Dictionary(
        network.values.map { ($0.value, $0.key) },
        uniquingKeysWith: { $0.count > $1.count ? $0 : $1 })
      for node in network.nodes {
        let source = values[node.inputs[0]]
        let shape = network.shapes[node.inputs[0]]
        let layer =
          (names[node.outputs[0]] ?? "").split(separator: "/").first.map(String.init) ?? ""
        let weights = arrays["\(layer)/weights"] ?? []
        let biases = arrays["\(layer)/biases"] ?? []
        switch node.operation {
        case is Convolution:
          values.append(
            SlowConvolution(
              kernel: [3, 3], stride: [1, 1], dilation: [1, 1], groups: 1, padding: .same,
              weights: weights, biases: biases)(source, shape))
        case is MaxPooling:
          values.append(
            SlowMaxPooling(kernel: [2, 2], stride: [2, 2], padding: .same)(source, shape))
        case is Dense:
          values.append(
            biases.indices.map { output in
              source.indices.reduce(biases[output]) {
                $0 + source[$1] * weights[$1 * biases.count + output]
              }
            })
        default: values.append(source.map { max($0, 0) })
        }
      }
    }
  }

  @Test("logits and predictions equal the slow network's")
  func predict() throws {
    let vgg = SmallVGG()
    let model = try vgg.model()
    let picture = try SmallVGG.picture(height: 17, width: 23)
    let slow = try slowNetwork(model, vgg, picture)
    let predictions = try model.predict(picture, count: 100)
    #expect(predictions.count == 7)
    let logits = slow.values[slow.network.output]
    expectClose(
      predictions.map(\.logit), predictions.map { logits[$0.index] }, absolute: 1e-3,
      relative: 1e-4)
    #expect(predictions.map(\.index) == logits.indices.sorted { logits[$0] > logits[$1] })
    #expect(abs(predictions.reduce(0) { $0 + $1.probability } - 1) < 1e-12)
  }

  private func slowNetwork(
    _ model: Model, _ vgg: SmallVGG, _ picture: RGBImage
  ) throws -> SlowNetwork {
    let preprocessing = model.loaded.preprocessing
    let seen = preprocessing.seen(picture)
    var input = [Float](repeating: 0, count: seen.count)
    var span = input.mutableSpan
    preprocessing.networkInput(seen.span, into: &span)
    return SlowNetwork(model.loaded.network, vgg, input: input.map(Double.init))
  }

  @Test("activations of every named layer equal the slow network's")
  func activations() throws {
    let vgg = SmallVGG()
    let model = try vgg.model()
    let picture = try SmallVGG.picture(height: 12, width: 12)
    let slow = try slowNetwork(model, vgg, picture)
    for (name, value) in model.loaded.network.values {
      let tensor = try model.activations(picture, layer: name)
      let expected = slow.values[value]
      let size = expected.map(abs).max() ?? 0
      expectClose(tensor.elements, expected, absolute: size * 1e-5, name)
      #expect(tensor.shape == model.loaded.network.shapes[value].withoutBatch)
    }
  }

  @Test("an explanation is what its parts say")
  func explanation() throws {
    let model = try SmallVGG().model()
    let picture = try SmallVGG.picture(height: 31, width: 14)
    var options = ExplainOptions()
    options.isGuided = true
    let explanation = try model.explain(picture, options)[0].parts
    let best = try model.predict(picture, count: 5)
    #expect(explanation.predictions == best)
    #expect(explanation.target == best[0])
    #expect(explanation.layer == "conv2_1")
    let evidence = try LayerEvidence(
      activations: model.activations(picture, layer: "conv2_1"),
      gradients: model.gradients(picture, layer: "conv2_1", target: nil))
    let map = ClassActivationMap(try GradCAMPlusPlus().map(Evidence([evidence])))
    expectClose(explanation.cam.elements, map.values, absolute: 1e-7)
    expectClose(
      try #require(explanation.channelWeights).elements, try #require(map.channelWeights),
      absolute: 0, relative: 1e-6)
    #expect(explanation.targetKind == "logit")
    #expect(explanation.score == Double(best[0].logit))
    #expect(explanation.heatmap.shape == Shape([12, 12]))
    #expect(explanation.guidedGradients?.shape == Shape([12, 12, 3]))
    #expect(explanation.guidedGradients?.elements.contains { $0 != 0 } == true)
  }

  @Test("the guided walk of a positive chain is the plain gradient, channels reversed, times 255")
  func guidedChain() throws {
    // With positive weights every gradient is positive: both rules agree.
    var vgg = SmallVGG(blocks: [[3]], dense: [2], side: 4)
    for array in vgg.arrays() {
      vgg.replacements[array.name] = (array.shape, array.values.map { abs($0) + 0.01 })
    }
    let model = try vgg.model()
    let picture = try RGBImage(
      height: 4, width: 4, pixels: [UInt8](repeating: 255, count: 48))
    var options = ExplainOptions()
    options.isGuided = true
    options.targets = [TargetRequest(classIndex: 1)]
    let guided = try #require(try model.explain(picture, options)[0].parts.guidedGradients).elements
    let runner = NetworkRunner(model.loaded.network)
    let seen = model.loaded.preprocessing.seen(picture)
    var input = [Float](repeating: 0, count: seen.count)
    var span = input.mutableSpan
    model.loaded.preprocessing.networkInput(seen.span, into: &span)
    let plain = try runner.everything(
      input, backward: [PlanRequest.Backward(destination: 0, rule: .gradient)], targets: [1]
    ).gradients[0][0].elements
    let expected = plain.indices.map { plain[$0 / 3 * 3 + 2 - $0 % 3] * 255 }
    expectClose(guided, expected, absolute: 0, relative: 1e-6)
  }

  @Test("the map does not depend on the logit's size", arguments: [95, 130, -75, -100] as [Float])
  func largeScores(score: Float) throws {
    let vgg = SmallVGG()
    let picture = try SmallVGG.picture(height: 20, width: 20)
    let plain = try vgg.model()
    let target = 3
    let logit = try plain.activations(picture, layer: "fc4").elements[target]
    var shifted = vgg
    var biases = try #require(vgg.arrays().first { $0.name == "fc4/biases" }).values
    biases[target] += score - logit
    shifted.replacements["fc4/biases"] = ([7], biases)
    let model = try shifted.model()
    var options = ExplainOptions()
    options.targets = [TargetRequest(classIndex: target)]
    let parts = try model.explain(picture, options)[0].parts
    let explained = try #require(parts.target)
    #expect(abs(explained.logit - score) < 1e-2)
    #expect(explained.probability.isFinite)
    let expected = try plain.explain(picture, options)[0].parts
    #expect(parts.channelWeights?.elements == expected.channelWeights?.elements)
    #expect(parts.heatmap.elements == expected.heatmap.elements)
    #expect(parts.heatmap.elements.contains { $0 > 0.5 })
  }

  @Test("bad requests are errors of their kinds")
  func errors() throws {
    let model = try SmallVGG().model()
    let picture = try SmallVGG.picture(height: 12, width: 12)
    func expectError(
      _ kind: GradCAMError.Kind, _ words: String..., when change: (inout ExplainOptions) -> Void
    ) {
      var options = ExplainOptions()
      change(&options)
      let error = #expect(throws: GradCAMError.self) { _ = try model.explain(picture, options) }
      #expect(error?.kind == kind)
      for word in words { #expect(error?.message.contains(word) == true) }
    }
    expectError(.classIndex, "class 7", "7 classes", "0 to 6") {
      $0.targets = [TargetRequest(classIndex: 7)]
    }
    expectError(.classIndex, "class -1") {
      $0.targets = [2, -1].map { TargetRequest(classIndex: $0) }
    }
    expectError(.unknownLayer, "\"conv9_9\"", "conv1_1", "fc4") { $0.layers = ["conv9_9"] }
    expectError(.invalidArgument, "\"fc3\"", "conv2_1") { $0.layers = ["fc3"] }
    expectError(.invalidArgument, "\"cam\"", "gradcam++") { $0.method = "cam" }
    expectError(.invalidArgument, "gradcam++", "\"power\"", "none") {
      $0.methodOptions = ["power": 1]
    }
    expectError(.invalidArgument, "one layer", "2 are") { $0.layers = ["conv1_1", "conv2_1"] }
    let explanation = try model.explain(picture)[0]
    let error = #expect(throws: GradCAMError.self) { _ = try explanation.render(.figure) }
    #expect(error?.message.contains("guided") == true)
  }

  /// One or all of a layer's weights, not finite in each way.
  static let brokenWeights: [(count: Int, value: Float)] = [
    (1, .nan), (.max, .nan), (1, .infinity), (.max, -.infinity),
  ]

  @Test(
    "weights that are not finite are an error that names the layer",
    arguments: ["conv1_1", "conv1_2", "conv2_1", "fc3", "fc4", "fc5"], brokenWeights)
  func notFinite(layer: String, broken: (count: Int, value: Float)) throws {
    var vgg = SmallVGG(dense: [11, 10, 7])
    let array = try #require(vgg.arrays().first { $0.name == "\(layer)/weights" })
    // The last weight of fc4 belongs to a unit that is 0 for this picture: it must show all the same.
    let intact = max(0, array.values.count - broken.count)
    let values = array.values.enumerated().map { $0.offset < intact ? $0.element : broken.value }
    vgg.replacements[array.name] = (array.shape, values)
    let model = try vgg.model()
    let picture = try SmallVGG.picture(height: 12, width: 12)
    let requests: [(String, () throws -> Void)] = [
      ("predict", { _ = try model.predict(picture, count: 1) }),
      ("explain", { _ = try model.explain(picture) }),
      ("activations", { _ = try model.activations(picture, layer: "fc5") }),
      (
        "gradients",
        { _ = try model.gradients(picture, layer: "conv1_1", target: TargetRequest(classIndex: 0)) }
      ),
    ]
    for (name, request) in requests {
      let error = #expect(throws: GradCAMError.self, "\(name)") { try request() }
      #expect(error?.kind == .badData)
      #expect(error?.message.contains("layer \(layer) ") == true, "\(error?.message ?? "")")
    }
  }

  @Test("numbers that grow too large are an error that says so")
  func overflow() throws {
    let picture = try SmallVGG.picture(height: 12, width: 12)
    for sign: Float in [1, -1] {
      var vgg = SmallVGG()
      for array in vgg.arrays() where array.name.hasSuffix("weights") {
        vgg.replacements[array.name] = (array.shape, array.values.map { abs($0) * 1e38 * sign })
      }
      let model = try vgg.model()
      let error = #expect(throws: GradCAMError.self) { _ = try model.predict(picture, count: 1) }
      #expect(error?.message.contains("too large for float32") == true)
    }
  }

  @Test("one call for several targets equals one call for each")
  func targets() throws {
    let model = try SmallVGG().model()
    let picture = try SmallVGG.picture(height: 12, width: 40)
    var options = ExplainOptions()
    options.targets = [6, 2].map { TargetRequest(classIndex: $0) }
    let together = try model.explain(picture, options).map(\.parts)
    #expect(together.map { $0.target?.index } == [6, 2])
    for parts in together {
      options.targets = [TargetRequest(classIndex: try #require(parts.target).index)]
      let alone = try model.explain(picture, options)[0].parts
      #expect(alone.heatmap.elements == parts.heatmap.elements)
    }
  }
}
