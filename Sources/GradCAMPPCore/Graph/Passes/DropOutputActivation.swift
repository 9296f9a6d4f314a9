import GradCAMPPKernels

/// Takes a last Softmax or Sigmoid off, so that the output is the logits, and notes which it was.
///
/// Explanations are of logits: the gradient of a probability near 1 vanishes.
enum DropOutputActivation: GraphPass {
  static let name = "drop output activation"
  static let summary = "a last Softmax or Sigmoid goes: its input, the logits, is the output"

  static func apply(to graph: inout Graph) throws(GradCAMError) {
    let shapes = try graph.shapes()
    guard graph.outputs.count == 1, let place = graph.producers[graph.outputs[0]],
      let input = graph.nodes[place].input(0), let shape = shapes[input]
    else { return }
    let node = graph.nodes[place]
    switch node.operation {
    case SigmoidNode.operation: graph.outputActivation = .sigmoid
    case SoftmaxNode.operation:
      let axis = try graph.named { () throws(GradCAMError) in
        try SoftmaxNode.axis(node, rank: shape.rank)
      }
      // Over anything but the classes it makes no probabilities.
      guard shape.count == shape[axis] else { return }
      graph.outputActivation = .softmax
    default: return
    }
    graph.outputs = [input]
    for place in graph.layers.indices where graph.layers[place].value == node.outputs[0] {
      graph.layers[place].value = input
    }
  }
}
