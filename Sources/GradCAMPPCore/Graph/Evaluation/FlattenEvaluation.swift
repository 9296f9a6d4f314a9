import GradCAMPPKernels

/// Flatten: the axes before and behind `axis` as one each.
struct FlattenEvaluation: ConstantEvaluation {
  let operation = "Flatten"
  let attributes: Set<String> = ["axis"]

  func results(_ node: GraphNode, _ inputs: KnownInputs) throws(GradCAMError) -> [KnownTensor] {
    let tensor = try inputs.tensor(0, of: node)
    let rank = tensor.shape.rank
    let axis = try node.integer("axis", default: 1)
    guard (-rank...rank).contains(axis) else {
      throw node.wrong("axis", .integer(axis), "one of \(rank) axes")
    }
    let outer = tensor.shape.extents.prefix(axis < 0 ? axis + rank : axis).reduce(1, *)
    return [tensor.reshaped(Shape([outer, tensor.shape.count / max(outer, 1)]))]
  }
}
