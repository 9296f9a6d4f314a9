import GradCAMPPKernels

/// ConstantOfShape: a tensor of the extents that the input says, filled with one number.
struct ConstantOfShapeEvaluation: ConstantEvaluation {
  let operation = "ConstantOfShape"
  let attributes: Set<String> = ["value"]

  func results(_ node: GraphNode, _ inputs: KnownInputs) throws(GradCAMError) -> [KnownTensor] {
    let shape = try node.knownShape(try inputs.integers(0, of: node))
    switch node.attributes["value"] {
    case nil: return [KnownTensor(shape, .floats([Float](repeating: 0, count: shape.count)))]
    case .constant(let constant) where constant.shape.count == 1:
      return [
        try KnownTensor(constant).picked([Int](repeating: 0, count: shape.count), shape)
      ]
    case .some(let value): throw node.wrong("value", value, "a tensor of one number")
    }
  }
}
