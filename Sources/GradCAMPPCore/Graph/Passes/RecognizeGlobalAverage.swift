import GradCAMPPKernels

/// Writes a ReduceMean over all spatial axes as the GlobalAveragePool that it is, and takes the axes
/// away behind it where they do not stay.
enum RecognizeGlobalAverage: GraphPass {
  static let name = "recognise global average"
  static let summary = "a ReduceMean over all spatial axes is a GlobalAveragePool"

  static func apply(to graph: inout Graph) throws(GradCAMError) {
    let shapes = try graph.shapes()
    var nodes: [GraphNode] = []
    for node in graph.nodes {
      guard node.operation == ReduceMeanNode.operation, let input = node.input(0),
        let shape = shapes[input], shape.rank >= 3, shape[0] == 1
      else {
        nodes.append(node)
        continue
      }
      let rank = shape.rank
      let axes = try ReduceMeanNode.axes(node, graph.inputs(of: node, shapes))
      // Of (N, tokens, channels) the last axis is no spatial one.
      let layouts: [(GraphNode.Layout, [Int])] =
        (rank > 3 ? [(.channelsFirst, Array(2..<rank))] : [])
        + [(.channelsLast, Array(1..<rank - 1))]
      guard let (layout, _) = layouts.first(where: { $0.1 == axes }) else {
        nodes.append(node)
        continue
      }
      let isKept = try ReduceMeanNode.keepsAxes(node)
      let mean = isKept ? node.outputs[0] : graph.unusedName(node.outputs[0] + "/mean")
      nodes.append(
        GraphNode(
          GlobalAveragePoolNode.operation, name: node.name, inputs: [input], outputs: [mean],
          layout: layout))
      guard !isKept else { continue }
      nodes.append(
        GraphNode(
          SqueezeNode.operation, name: node.name + "/squeeze", inputs: [mean],
          outputs: node.outputs, attributes: ["axes": .integers(axes)]))
    }
    graph.nodes = nodes
  }
}
