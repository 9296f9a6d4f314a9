import GradCAMPPKernels

/// ScatterND: a tensor with other parts at the places that the innermost axis of the second input
/// names.
struct ScatterEvaluation: ConstantEvaluation {
  let operation = "ScatterND"
  let attributes: Set<String> = ["reduction"]

  func results(_ node: GraphNode, _ inputs: KnownInputs) throws(GradCAMError) -> [KnownTensor] {
    let (tensor, updates) = (try inputs.tensor(0, of: node), try inputs.tensor(2, of: node))
    let indices = try inputs.tensor(1, of: node)
    let reduction = try node.text("reduction", default: "none")
    guard reduction == "none" else { throw node.wrong("reduction", .text(reduction), "none") }
    let depth = indices.shape.channels
    let numbers = try inputs.integers(1, of: node)
    guard indices.shape.rank >= 1, depth >= 1, depth <= tensor.shape.rank,
      updates.shape.extents
        == indices.shape.extents.dropLast() + tensor.shape.extents.dropFirst(depth)
    else {
      throw node.error(
        "writes a tensor of shape \(updates.shape) into one of \(tensor.shape) at places of "
          + "\(indices.shape)")
    }
    let strides = KnownTensor.strides(tensor.shape)
    let inner = tensor.shape.extents.dropFirst(depth).reduce(1, *)
    var places = Array(0..<tensor.shape.count)
    for (update, first) in stride(from: 0, to: numbers.count, by: depth).enumerated() {
      var start = 0
      for axis in 0..<depth {
        start += try node.place(numbers[first + axis], of: tensor.shape[axis]) * strides[axis]
      }
      // Behind the tensor's own elements lie the updates'.
      for index in 0..<inner { places[start + index] = tensor.shape.count + update * inner + index }
    }
    let both = Shape([tensor.shape.count + updates.shape.count])
    if let own = tensor.integers, let others = updates.integers {
      return [KnownTensor(both, .integers(own + others)).picked(places, tensor.shape)]
    }
    return [
      KnownTensor(both, .floats(tensor.floats + updates.floats)).picked(places, tensor.shape)
    ]
  }
}
