import GradCAMPPKernels

/// Split: the parts of a tensor along an axis.
struct SplitEvaluation: ConstantEvaluation {
  let operation = "Split"
  let attributes = SplitNode.attributes

  func results(_ node: GraphNode, _ inputs: KnownInputs) throws(GradCAMError) -> [KnownTensor] {
    let tensor = try inputs.tensor(0, of: node)
    var constants: [GraphConstant?] = []
    for tensor in inputs.tensors { constants.append(try tensor?.constant()) }
    let shapes = try SplitNode.outputShapes(
      node, NodeInputs(shapes: inputs.shapes, constants: constants))
    let axis = try node.axis("axis", default: 0, rank: tensor.shape.rank)
    let strides = KnownTensor.strides(tensor.shape)
    var origin = 0
    return shapes.map { shape in
      defer { origin += shape[axis] * strides[axis] }
      return tensor.picked(KnownTensor.places(shape, strides: strides, from: origin), shape)
    }
  }
}
