import Foundation
import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

@Suite("Passes leave what a graph computes as it is")
struct GraphPassTests {
  /// The output and the layers of a graph, its input given as `seeded` counts axes.
  private func results(
    _ graph: Graph, _ seeded: SeededGraph
  ) -> (output: [Double], layers: [String: SlowTensor]) {
    let isTurned = seeded.graph.inputs[0].layout != graph.inputs[0].layout
    let slow = SlowGraph(graph, isTurned ? seeded.input.channelsLast : seeded.input)
    let output = slow.values[graph.outputs[0]]?.values ?? []
    let layers = Dictionary(
      uniqueKeysWithValues: graph.layers.compactMap { layer in
        slow.values[layer.value].map { (layer.name, $0) }
      })
    return (activated(output, graph.outputActivation), layers)
  }

  private func activated(
    _ logits: [Double], _ activation: OutputKind.Probabilities?
  ) -> [Double] {
    switch activation {
    case nil: return logits
    case .sigmoid: return logits.map { 1 / (1 + exp(-$0)) }
    case .softmax:
      let sum = logits.reduce(0) { $0 + exp($1) }
      return logits.map { exp($0) / sum }
    }
  }

  @Test("random graphs before and after every pass", arguments: 0..<40)
  func everyPass(seed: Int) throws {
    let seeded = try SeededGraph(seed: seed, isServed: seed % 2 == 0)
    let expected = results(seeded.graph, seeded)
    var graph = seeded.graph
    try GraphPasses.apply(to: &graph) { pass, graph in
      let found = results(graph, seeded)
      let label = "seed \(seed), \(pass.name)"
      let size = expected.output.map(abs).max() ?? 0
      expectClose(found.output, expected.output, absolute: 1e-5 * max(size, 1e-3), label)
      #expect(found.layers.keys == expected.layers.keys)
      for (name, tensor) in found.layers {
        guard let wanted = expected.layers[name] else { continue }
        expectSame(tensor, wanted, "\(label), \(name)")
      }
    }
  }

  /// Equal, or equal once the channels are last.
  private func expectSame(_ tensor: SlowTensor, _ wanted: SlowTensor, _ label: String) {
    let size = max(wanted.values.map(abs).max() ?? 0, 1e-3)
    func isClose(_ other: SlowTensor) -> Bool {
      tensor.extents == other.extents
        && zip(tensor.values, other.values).allSatisfy { abs($0 - $1) <= 1e-5 * size }
    }
    #expect(isClose(wanted) || isClose(wanted.channelsLast), "\(label)")
  }

  @Test("random graphs as networks: logits and layers", arguments: 0..<40)
  func lowered(seed: Int) throws {
    let seeded = try SeededGraph(seed: 100 + seed, isServed: true)
    let expected = results(seeded.graph, seeded)
    var graph = seeded.graph
    try GraphPasses.apply(to: &graph)
    let lowered = try GraphLowering.network(of: graph)
    let network = lowered.network
    let input =
      seeded.graph.inputs[0].layout == .channelsFirst ? seeded.input.channelsLast : seeded.input
    let values = graph.layers.compactMap { network.values[$0.name] }
    #expect(values.count == graph.layers.count)
    let result = try NetworkRunner(network).everything(
      input.values.map(Float.init), recorded: values, targets: [])
    let output = activated(result.output.map(Double.init), graph.outputActivation)
    let size = expected.output.map(abs).max() ?? 0
    expectClose(output, expected.output, absolute: 2e-4 * max(size, 1e-2), "seed \(seed)")
    for (layer, tensor) in zip(graph.layers, result.activations) {
      guard let wanted = expected.layers[layer.name] else { continue }
      let numbers = tensor.elements.map(Double.init)
      let bound = 2e-4 * max(wanted.values.map(abs).max() ?? 0, 1e-2)
      let isSame = [wanted, wanted.channelsLast].contains { other in
        zip(numbers, other.values).allSatisfy { abs($0 - $1) <= bound }
      }
      #expect(isSame, "seed \(seed), \(layer.name)")
    }
  }

  @Test("every operation has a slow definition, and a name of its own")
  func everyOperationHasATwin() {
    let names = NodeKinds.all.map { $0.operation }
    #expect(Set(names).count == names.count)
    #expect(Set(names) == Set(SlowGraph.definitions.keys))
    for pass in GraphPasses.all {
      #expect(!pass.name.isEmpty && !pass.summary.isEmpty)
    }
  }
}
