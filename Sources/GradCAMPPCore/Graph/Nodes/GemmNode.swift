import GradCAMPPKernels

/// Gemm: `alpha A B + beta C` of matrices, either of them turned with `transA` or `transB`.
///
/// A dense layer, `y = x W + b`, is its usual form; of others `ExpandGemm` makes what they come to.
enum GemmNode: NodeKind {
  static let operation = "Gemm"
  static let attributes: Set<String> = ["alpha", "beta", "transA", "transB"]
  static let axisUse = AxisUse.memory

  /// Place of the outputs among the axes of the weights.
  static func outputAxis(_ node: GraphNode) throws(GradCAMError) -> Int {
    try node.flag("transB", default: false) ? 0 : 1
  }

  /// Whether it is a dense layer: weights that the file gives, one bias for each output, no factors.
  static func isDense(
    _ node: GraphNode, _ graph: Graph, _ shapes: [String: Shape]
  ) throws(GradCAMError) -> Bool {
    let isTurned = try node.flag("transA", default: false)
    let (alpha, beta) = (
      try node.number("alpha", default: 1), try node.number("beta", default: 1)
    )
    guard !isTurned, alpha == 1, beta == 1,
      let weights = node.input(1).flatMap({ graph.constants[$0] })
    else { return false }
    guard let biases = node.input(2) else { return true }
    let outputs = weights.shape[try outputAxis(node)]
    return graph.constants[biases] != nil && shapes[biases]?.count == outputs
  }

  static func outputShapes(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [Shape] {
    let (left, right) = (try inputs.shape(0, of: node), try inputs.shape(1, of: node))
    let isTurned = try node.flag("transA", default: false)
    let axis = try outputAxis(node)
    for factor in ["alpha", "beta"] { _ = try node.float(factor, default: 1) }
    guard left.rank == 2, right.rank == 2, right.count > 0,
      right[1 - axis] == left[isTurned ? 0 : 1]
    else {
      throw node.error(
        "has weights of shape \(right) for a tensor of shape \(left); expected a matrix of "
          + "\(left.channels) inputs")
    }
    let output = try node.shape([left[isTurned ? 1 : 0], right[axis]])
    if node.input(2) != nil {
      let biases = try inputs.shape(2, of: node)
      guard BroadcastAxes.extents(output, biases) == output.extents else {
        throw node.error("has biases of shape \(biases); expected one for each of \(right[axis])")
      }
    }
    return [output]
  }

  static func lower(
    _ node: GraphNode, _ inputs: NodeInputs, to network: inout GraphLowering
  ) throws(GradCAMError) {
    let constant = try inputs.constant(1, of: node)
    let axis = try outputAxis(node)
    let matrix = try constant.array(in: axis == 1 ? .plain(2) : AxisOrder([1, 0]))
    let biases = try network.biases(2, of: node, inputs, count: constant.shape[axis])
    try LinearNode.lower(node, inputs, matrix, to: &network)
    network.keep(
      weights: matrix, biases: biases,
      as: GraphConstant(matrix, order: axis == 1 ? .plain(2) : AxisOrder([1, 0])), of: node)
  }
}
