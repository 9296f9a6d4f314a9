import GradCAMPPKernels

/// Gather: the parts of a tensor at the places of an axis that the second input names.
struct GatherEvaluation: ConstantEvaluation {
  let operation = "Gather"
  let attributes: Set<String> = ["axis"]

  func results(_ node: GraphNode, _ inputs: KnownInputs) throws(GradCAMError) -> [KnownTensor] {
    let (tensor, indices) = (try inputs.tensor(0, of: node), try inputs.tensor(1, of: node))
    let axis = try node.axis("axis", default: 0, rank: tensor.shape.rank)
    var wanted: [Int] = []
    for index in try inputs.integers(1, of: node) {
      wanted.append(try node.place(index, of: tensor.shape[axis]))
    }
    let before = Array(tensor.shape.extents[..<axis])
    let behind = Array(tensor.shape.extents[(axis + 1)...])
    let shape = try node.knownShape(before + indices.shape.extents + behind)
    let inner = behind.reduce(1, *)
    let places = (0..<before.reduce(1, *)).flatMap { outer in
      wanted.flatMap { index in
        let start = (outer * tensor.shape[axis] + index) * inner
        return start..<start + inner
      }
    }
    return [tensor.picked(places, shape)]
  }
}
