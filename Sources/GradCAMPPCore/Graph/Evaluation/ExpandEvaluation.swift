import GradCAMPPKernels

/// Expand: a tensor spread over other extents, where 1 keeps what there is.
struct ExpandEvaluation: ConstantEvaluation {
  let operation = "Expand"

  func results(_ node: GraphNode, _ inputs: KnownInputs) throws(GradCAMError) -> [KnownTensor] {
    let tensor = try inputs.tensor(0, of: node)
    let wanted = try node.knownShape(try inputs.integers(1, of: node))
    guard let extents = BroadcastAxes.extents(tensor.shape, wanted) else {
      throw node.error("spreads a tensor of shape \(tensor.shape) over \(wanted)")
    }
    let shape = try node.knownShape(extents)
    return [tensor.picked(KnownTensor.spreadPlaces(tensor.shape, over: shape), shape)]
  }
}

/// Tile: a tensor repeated along each axis.
struct TileEvaluation: ConstantEvaluation {
  let operation = "Tile"

  func results(_ node: GraphNode, _ inputs: KnownInputs) throws(GradCAMError) -> [KnownTensor] {
    let tensor = try inputs.tensor(0, of: node)
    let repeats = try inputs.integers(1, of: node)
    guard repeats.count == tensor.shape.rank, repeats.allSatisfy({ (0...1 << 24).contains($0) })
    else {
      throw node.error(
        "repeats a tensor of shape \(tensor.shape) \(repeats) times; expected a number for each axis"
      )
    }
    let shape = try node.knownShape(
      zip(tensor.shape.extents, repeats).map { $0.multipliedReportingOverflow(by: $1) }
        .map { $0.overflow ? .max : $0.partialValue })
    let strides = KnownTensor.strides(tensor.shape)
    var places = [0]
    for axis in shape.extents.indices {
      places = places.flatMap { place in
        (0..<shape[axis]).map { place + $0 % tensor.shape[axis] * strides[axis] }
      }
    }
    return [tensor.picked(places, shape)]
  }
}
