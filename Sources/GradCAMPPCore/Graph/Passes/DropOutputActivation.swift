import GradCAMPPKernels

/// Takes a last Softmax, LogSoftmax or Sigmoid off, so that the output is the logits, and notes which
/// it was; before that a last ArgMax, which has no gradient.
///
/// Explanations are of logits: the gradient of a probability near 1 vanishes.
enum DropOutputActivation: GraphPass {
  static let name = "drop output activation"
  static let summary =
    "a last ArgMax, Softmax or Sigmoid goes: its input, the logits, is the output"

  static func apply(to graph: inout Graph) throws(GradCAMError) {
    let shapes = try graph.shapes()
    try dropChoice(of: &graph, shapes)
    guard graph.outputs.count == 1, let place = graph.producers[graph.outputs[0]],
      let input = graph.nodes[place].input(0), let shape = shapes[input]
    else { return }
    let node = graph.nodes[place]
    switch node.operation {
    case SigmoidNode.operation: graph.outputActivation = .sigmoid
    case SoftmaxNode.operation, LogSoftmaxNode.operation:
      let axes = try graph.named { () throws(GradCAMError) in
        try SoftmaxNode.axes(node, rank: shape.rank)
      }
      // Over anything but the classes it makes no probabilities.
      guard shape.count == shape.extents[axes].reduce(1, *) else { return }
      graph.outputActivation = .softmax
    default: return
    }
    end(&graph, with: input, notWith: node.outputs[0])
  }

  /// Takes a last ArgMax off: the scores that it chooses from are the output.
  private static func dropChoice(
    of graph: inout Graph, _ shapes: [String: Shape]
  ) throws(GradCAMError) {
    guard graph.outputs.count == 1, let place = graph.producers[graph.outputs[0]],
      graph.nodes[place].operation == ArgMaxNode.operation, let input = graph.nodes[place].input(0)
    else { return }
    end(&graph, with: input, notWith: graph.outputs[0])
  }

  private static func end(_ graph: inout Graph, with input: String, notWith output: String) {
    graph.outputs = [input]
    for place in graph.layers.indices where graph.layers[place].value == output {
      graph.layers[place].value = input
    }
  }
}
