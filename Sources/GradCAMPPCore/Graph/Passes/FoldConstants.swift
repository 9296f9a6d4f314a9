import GradCAMPPKernels

/// Computes what follows from constants and extents alone.
enum FoldConstants: GraphPass {
  static let name = "fold constants"
  static let summary = "nodes whose results are known become constants"

  static func apply(to graph: inout Graph) throws(GradCAMError) {
    var shapes = try graph.inputShapes()
    var kept: [GraphNode] = []
    for node in graph.nodes {
      for (name, shape) in zip(node.outputs, try graph.outputShapes(node, shapes)) {
        shapes[name] = shape
      }
      let kind = try graph.kind(of: node)
      let folded = try graph.named { () throws(GradCAMError) in
        try kind.folded(node, graph.inputs(of: node, shapes))
      }
      guard let folded else {
        kept.append(node)
        continue
      }
      for (name, constant) in zip(node.outputs, folded) { graph.constants[name] = constant }
    }
    graph.nodes = kept
  }
}
