import GradCAMPPKernels

/// Writes activations that exporters compose of several nodes as the one that they are.
enum RecognizeActivations: GraphPass {
  static let name = "recognise activations"
  static let summary = "SiLU, HardSwish, GELU and Mish of several nodes become one"

  static func apply(to graph: inout Graph) throws(GradCAMError) {
    let shapes = try graph.shapes()
    let products: Set<String> = [MulNode.operation, DivNode.operation]
    let reading = GraphReading(graph)
    for place in graph.nodes.indices where products.contains(graph.nodes[place].operation) {
      let node = graph.nodes[place]
      let product = reading.product(node.outputs[0])
      let found = ActivationPatterns.all.lazy.compactMap {
        $0.found(node.outputs[0], product, reading)
      }.first
      // The numbers of formulas may have axes of their own.
      guard let found, shapes[found.input] == shapes[node.outputs[0]] else { continue }
      graph.nodes[place] = GraphNode(
        found.operation, name: node.name, inputs: [found.input], outputs: node.outputs,
        attributes: found.attributes)
    }
    try DropDeadNodes.apply(to: &graph)
  }
}
