import GradCAMPPKernels

@testable import GradCAMPPCore

// What graphs compute, once more: every operation by its definition, channels first, in float64,
// sharing nothing with passes, kinds and operators. A new operation is an entry in the table of its
// topic.

/// A graph that is evaluated node by node.
struct SlowGraph {
  /// All values by name.
  private(set) var values: [String: SlowTensor]

  /// The definitions by operation.
  static let definitions: [String: @Sendable (SlowNode) -> [SlowTensor]] = {
    let single = [elementwise, layers, normalizations, windows, axes, cells, tensors].map { topic in
      topic.mapValues { definition in { @Sendable node in [definition(node)] } }
    }
    return (single + [parts]).reduce(into: [:]) { all, topic in
      all.merge(topic) { _, _ in preconditionFailure("an operation has two definitions") }
    }
  }()

  /// Evaluates a graph for an input with axes as the graph's input counts them.
  init(_ graph: Graph, _ input: SlowTensor) {
    values = graph.constants.mapValues { SlowTensor($0) }
    values[graph.inputs[0].name] = input
    for node in graph.nodes {
      guard let definition = Self.definitions[node.operation] else {
        preconditionFailure("\(node.operation) has no definition")
      }
      let found = definition(
        SlowNode(node: node, inputs: node.inputs.map { $0.isEmpty ? nil : values[$0] }))
      for (name, tensor) in zip(node.outputs, found) { values[name] = tensor }
    }
  }
}

/// A node with its inputs, read without ceremony: what is missing ends the test.
struct SlowNode {
  let node: GraphNode
  let inputs: [SlowTensor?]

  /// An input that must be there.
  subscript(place: Int) -> SlowTensor {
    guard let tensor = optional(place) else { preconditionFailure("input \(place) is missing") }
    return tensor
  }

  func optional(_ place: Int) -> SlowTensor? { place < inputs.count ? inputs[place] : nil }

  func integer(_ name: String) -> Int? {
    if case .integer(let value)? = node.attributes[name] { value } else { nil }
  }

  func integers(_ name: String) -> [Int]? {
    if case .integers(let values)? = node.attributes[name] { values } else { nil }
  }

  /// Whole numbers of an input, or of the attribute that older versions have in its place.
  func integers(_ place: Int, or name: String) -> [Int] {
    optional(place)?.values.map { Int($0) } ?? integers(name) ?? []
  }

  func number(_ name: String) -> Double? {
    if case .number(let value)? = node.attributes[name] { value } else { nil }
  }

  func numbers(_ name: String) -> [Double]? {
    if case .numbers(let values)? = node.attributes[name] { values } else { nil }
  }

  func text(_ name: String) -> String? {
    if case .text(let value)? = node.attributes[name] { value } else { nil }
  }

  /// The first input as (N, C, spatial…).
  var channelsFirst: SlowTensor {
    node.layout == .channelsLast ? self[0].channelsFirst : self[0]
  }

  /// A result (N, C, spatial…) in the node's layout.
  func inLayout(_ result: SlowTensor) -> SlowTensor {
    node.layout == .channelsLast ? result.channelsLast : result
  }
}
