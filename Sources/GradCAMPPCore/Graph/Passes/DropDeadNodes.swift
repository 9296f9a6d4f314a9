import GradCAMPPKernels

/// Drops nodes and constants that neither outputs nor layers need.
enum DropDeadNodes: GraphPass {
  static let name = "drop dead nodes"
  static let summary = "what neither the output nor a layer's name needs goes"

  static func apply(to graph: inout Graph) throws(GradCAMError) {
    var needed = graph.named
    var kept: [GraphNode] = []
    for node in graph.nodes.reversed() where node.outputs.contains(where: needed.contains) {
      kept.append(node)
      needed.formUnion(node.inputs)
    }
    graph.nodes = kept.reversed()
    graph.constants = graph.constants.filter { needed.contains($0.key) }
    // Older files list their tensors among the inputs.
    graph.inputs.removeAll { graph.constants[$0.name] != nil || !needed.contains($0.name) }
  }
}
