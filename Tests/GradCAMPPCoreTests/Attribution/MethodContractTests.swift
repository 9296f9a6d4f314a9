import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

@Suite("What a method says about itself")
struct MethodContractTests {
  // That every method has a twin is said, and held, in Tests/Python/test_method_twins.py.
  @Test("every method of the list has a name of its own, and options with names of their own")
  func listed() {
    let names = AttributionMethods.all.map { $0.name }
    #expect(Set(names).count == names.count)
    for method in AttributionMethods.all {
      #expect(Set(method.options.map(\.name)).count == method.options.count)
      #expect(!method.summary.isEmpty && !method.citation.isEmpty)
    }
  }

  /// A method with options that looks at two layers, has no channel weights and no gradients, runs
  /// the network again, and declines the ending.
  private struct Probe: AttributionMethod {
    static let name = "probe"
    static let summary = "a probe"
    static let citation = "none"
    static let needs = MethodNeeds(layers: .several, gradients: false, scoring: true)
    static let options = [
      MethodOption(
        name: "share", summary: "how much is shown", kind: .number, standard: 0.5, range: 0...1),
      MethodOption(
        name: "count", summary: "how many masks", kind: .integer, standard: 2, range: 1...9),
    ]

    let share: Float
    let count: Int

    init(_ options: MethodOptions) {
      share = Float(options["share"])
      count = Int(options["count"])
    }

    func map(_ evidence: Evidence) throws(GradCAMError) -> AttributionMap {
      let size = evidence.maskScorer.maskShape.count
      let masks = (0..<count).map { _ in [Float](repeating: share, count: size) }
      let scores = try evidence.maskScorer.scores(masks: masks)
      let values = scores + evidence.layers.map { Double($0.channels) }
      return AttributionMap(values, shape: Shape([1, values.count]), ending: .asItIs)
    }
  }

  @Test("options have their defaults, are checked by name, range and kind")
  func options() throws {
    let standard = try MethodOptions([:], for: Probe.self)
    #expect(standard["share"] == 0.5 && standard["count"] == 2)
    #expect(try MethodOptions(["share": 0.25], for: Probe.self)["share"] == 0.25)
    for (given, word) in [
      (["power": 1.0], "\"power\""), (["share": 1.5], "0.0 to 1.0"), (["share": .nan], "nan"),
      (["count": 2.5], "whole number"), (["count": 0], "1.0 to 9.0"),
    ] {
      let error = #expect(throws: GradCAMError.self) {
        _ = try MethodOptions(given, for: Probe.self)
      }
      #expect(error?.message.contains(word) == true, "\(error?.message ?? "")")
    }
  }

  @Test("a method gets the layers and scores that it says it needs, and may decline the ending")
  func probe() throws {
    let model = try SmallVGG().model()
    let picture = try SmallVGG.picture(height: 12, width: 12)
    let layers = try ["conv1_2", "conv2_1"].map { layer in
      try LayerEvidence(
        activations: model.activations(picture, layer: layer), gradients: nil)
    }
    let request = TargetRequest(classIndex: 1)
    let scorer = try PictureScorer(
      model, try model.see(picture), try model.targets([request])[0], nil)
    let probe = Probe(try MethodOptions(["count": 3, "share": 1], for: Probe.self))
    let map = ClassActivationMap(try probe.map(Evidence(layers, scorer: scorer)))
    // A mask that shows everything scores as the picture itself.
    let logit = Double(try model.activations(picture, layer: "fc4").elements[1])
    expectClose(map.values, [logit, logit, logit, 6, 9], absolute: 1e-5)
    #expect(map.scale == 1)
    #expect(map.channelWeights == nil)
  }
}
