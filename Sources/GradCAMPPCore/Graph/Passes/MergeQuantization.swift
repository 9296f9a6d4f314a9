import GradCAMPPKernels

/// Makes of each QuantizeLinear with the DequantizeLinear behind it what the two come to but for
/// rounding: a Clip to the range of the type, through which gradients pass straight.
enum MergeQuantization: GraphPass {
  static let name = "merge quantization"
  static let summary =
    "QuantizeLinear and DequantizeLinear become the Clip to what their type holds"

  static func apply(to graph: inout Graph) throws(GradCAMError) {
    let shapes = try graph.shapes()
    let producers = graph.producers
    for place in graph.nodes.indices {
      let node = graph.nodes[place]
      guard node.operation == DequantizeLinearNode.operation, let input = node.input(0),
        let before = producers[input].map({ graph.nodes[$0] }),
        before.operation == QuantizeLinearNode.operation
      else { continue }
      let range = try graph.named { () throws(GradCAMError) in
        let given = try Quantization(before, graph.inputs(of: before, shapes))
        let taken = try Quantization(node, graph.inputs(of: node, shapes))
        guard given.axis == nil, given.scales == taken.scales, given.zeros == taken.zeros else {
          throw node.error(
            "means other numbers than \(before.name.quoted) before it; expected one scale and zero, "
              + "the same for both")
        }
        let (scale, zero) = (Double(given.scales[0]), given.zeros[0])
        return (
          Double(given.range.lowerBound - zero) * scale,
          Double(given.range.upperBound - zero) * scale
        )
      }
      graph.nodes[place] = GraphNode(
        ClipNode.operation, name: node.name, inputs: [before.inputs[0]], outputs: node.outputs,
        attributes: ["min": .number(range.0), "max": .number(range.1)])
    }
  }
}
