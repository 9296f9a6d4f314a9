import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

@Suite("A graph's description and its arrays make the same network")
struct GraphDescriptionTests {
  private struct Written {
    let text: String
    let weights: WeightStore
    let network: Network
  }

  private func written(_ graph: Graph) throws -> Written {
    var graph = graph
    try GraphPasses.apply(to: &graph)
    let lowered = try GraphLowering.network(of: graph)
    let description = GraphDescription(
      architecture: "a \"net\"\n", defaultLayer: "layer 0", graph: lowered.blueprint)
    return Written(
      text: try description.text(), weights: try WeightStore(origin: "x", lowered.weights),
      network: lowered.network)
  }

  private func read(
    _ text: String, _ weights: WeightStore
  ) throws(GradCAMError) -> GraphDescription {
    try GraphDescription(JSONValue(text, name: "x"), weights)
  }

  @Test("random graphs, bit for bit", arguments: 0..<40)
  func randomGraphs(seed: Int) throws {
    let seeded = try SeededGraph(seed: 300 + seed, isServed: true)
    let written = try written(seeded.graph)
    let again = try read(written.text, written.weights)
    #expect(again.architecture == "a \"net\"\n")
    #expect(again.graph.outputActivation == (try passed(seeded.graph)).outputActivation)
    let other = try GraphLowering.network(of: again.graph)
    #expect(other.network.shapes == written.network.shapes)
    #expect(other.network.values == written.network.values)
    #expect(other.weights.map(\.name) == written.weights.names)
    var random = RepeatableRandom(seed: UInt64(seed))
    let picture = random.floats(written.network.inputShape.count)
    let results = try [written.network, other.network].map { network in
      try NetworkRunner(network).everything(picture, recorded: [], targets: []).output
    }
    #expect(results[0] == results[1])
    // And written again it is the same text.
    let text = try GraphDescription(
      architecture: again.architecture, defaultLayer: again.defaultLayer, graph: other.blueprint
    ).text()
    #expect(text == written.text)
  }

  private func passed(_ graph: Graph) throws -> Graph {
    var graph = graph
    try GraphPasses.apply(to: &graph)
    return graph
  }

  @Test("nodes of one name have arrays of different names")
  func names() throws {
    var graph = Graph(origin: "x")
    graph.inputs = [
      Graph.Input(
        name: "same/weights", extents: [1, 4, 4, 3].map { .fixed($0) }, layout: .channelsLast)
    ]
    var value = "same/weights"
    for place in 0..<3 {
      let ones = [Float](repeating: 1, count: 9)
      let weights = graph.add(try GraphConstant(Shape([3, 3, 1, 1]), ones), name: "w\(place)")
      graph.nodes.append(
        GraphNode(
          "Conv", name: "same", inputs: [value, weights], outputs: ["value \(place)"],
          layout: .channelsLast))
      value = "value \(place)"
    }
    graph.outputs = [value]
    #expect(
      try written(graph).weights.names == [
        "same_2/weights", "same_2/biases", "same_3/weights", "same_3/biases", "same_4/weights",
        "same_4/biases",
      ])
  }

  @Test("texts that are cut or changed are refused, and never end the process")
  func damaged() throws {
    let seeded = try SeededGraph(seed: 301, isServed: true)
    let written = try written(seeded.graph)
    var random = RepeatableRandom(seed: 7)
    let bytes = Array(written.text.utf8)
    var refused = 0
    for _ in 0..<400 {
      var changed = bytes
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let place = Int.random(in: changed.indices, using: &random)
        if Bool.random(using: &random) {
          changed[place] = UInt8.random(in: 0x20...0x7e, using: &random)
        } else {
          changed.remove(at: place)
        }
      }
      do throws(GradCAMError) {
        let text = String(decoding: changed, as: UTF8.self)
        var graph = try read(text, written.weights).graph
        try BindInput.apply(to: &graph)
        _ = try GraphLowering.network(of: graph)
      } catch {
        #expect(!error.message.isEmpty)
        refused += 1
      }
    }
    #expect(refused > 200)
  }

  @Test("attributes of every kind come back, numbers that JSON lacks among them")
  func attributes() throws {
    var node = GraphNode("Clip", name: "n", inputs: ["input"], outputs: ["out"])
    node.attributes = [
      "a": .integer(.min), "b": .number(-.infinity), "c": .text("x\u{1}\\"),
      "d": .integers([1, .max]), "e": .numbers([0.1, 1e-300, .nan]),
      "f": .texts(["", "\u{1F600}"]),
    ]
    var graph = Graph(origin: "x")
    graph.inputs = [
      Graph.Input(name: "input", extents: [.fixed(1), .fixed(2), .fixed(3)], layout: .channelsLast)
    ]
    graph.nodes = [node]
    graph.outputs = ["out"]
    let none = try WeightStore(origin: "x", [])
    let text = try GraphDescription(architecture: "", defaultLayer: "", graph: graph).text()
    let found = try read(text, none).graph.nodes[0].attributes
    for (name, value) in node.attributes {
      #expect(found[name]?.description == value.description, "\(name)")
    }
    graph.nodes[0].attributes["g"] = .constant(try GraphConstant(Shape([1]), [1]))
    #expect(throws: GradCAMError.self) {
      try GraphDescription(architecture: "", defaultLayer: "", graph: graph).text()
    }
  }
}
