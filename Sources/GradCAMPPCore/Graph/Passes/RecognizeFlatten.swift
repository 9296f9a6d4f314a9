import GradCAMPPKernels

/// Writes a Reshape to (N, everything else) as the Flatten that it is.
enum RecognizeFlatten: GraphPass {
  static let name = "recognise flatten"
  static let summary = "a Reshape to (N, everything else) is a Flatten"

  static func apply(to graph: inout Graph) throws(GradCAMError) {
    let shapes = try graph.shapes()
    for place in graph.nodes.indices where graph.nodes[place].operation == ReshapeNode.operation {
      let node = graph.nodes[place]
      guard let input = node.input(0), let before = shapes[input],
        let behind = shapes[node.outputs[0]], behind.rank == 2, before.rank >= 2,
        before[0] == 1, behind[0] == 1
      else { continue }
      graph.nodes[place] = GraphNode(
        FlattenNode.operation, name: node.name, inputs: [input], outputs: node.outputs)
    }
  }
}
