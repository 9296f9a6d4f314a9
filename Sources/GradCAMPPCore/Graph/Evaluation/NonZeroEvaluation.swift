import GradCAMPPKernels

/// NonZero: for each axis, its indices of the elements that are not 0.
struct NonZeroEvaluation: ConstantEvaluation {
  let operation = "NonZero"

  func results(_ node: GraphNode, _ inputs: KnownInputs) throws(GradCAMError) -> [KnownTensor] {
    let tensor = try inputs.tensor(0, of: node)
    let found = tensor.floats.enumerated().filter { $0.element != 0 }.map(\.offset)
    let strides = KnownTensor.strides(tensor.shape)
    let shape = try node.knownShape([tensor.shape.rank, found.count])
    let indices = tensor.shape.extents.indices.flatMap { axis in
      found.map { $0 / strides[axis] % tensor.shape[axis] }
    }
    return [KnownTensor(shape, .integers(indices))]
  }
}
