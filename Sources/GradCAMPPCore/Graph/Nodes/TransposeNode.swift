import GradCAMPPKernels

/// Transpose: axis i of the output is axis `perm[i]` of the input.
///
/// Turning a graph channels last only notes what it does; what is left moves memory.
enum TransposeNode: NodeKind {
  static let operation = "Transpose"
  static let attributes: Set<String> = ["perm"]
  static let axisUse = AxisUse.named

  /// The axes of a tensor of `rank` axes, which are turned round when nothing is said.
  static func permutation(_ node: GraphNode, rank: Int) throws(GradCAMError) -> [Int] {
    let perm = try node.integers("perm") ?? Array((0..<rank).reversed())
    guard perm.sorted() == Array(0..<rank) else {
      throw node.wrong("perm", .integers(perm), "each of \(rank) axes once")
    }
    return perm
  }

  static func outputShapes(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [Shape] {
    let shape = try inputs.shape(0, of: node)
    return [Shape(try permutation(node, rank: shape.rank).map { shape[$0] })]
  }

  static func folded(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [GraphConstant]? {
    guard let constant = inputs.constants[0] else { return nil }
    return [constant.transposed(try permutation(node, rank: constant.shape.rank))]
  }

  static func lower(
    _ node: GraphNode, _ inputs: NodeInputs, to network: inout GraphLowering
  ) throws(GradCAMError) {
    let shape = try inputs.shape(0, of: node)
    let perm = try permutation(node, rank: shape.rank)
    let output = Shape(perm.map { shape[$0] })
    // Axes of extent 1 alone change places: the memory is the same.
    let moved = perm.filter { shape[$0] != 1 }
    guard moved != moved.sorted() else { return try network.reshape(node, to: output) }
    try network.add(for: node, inputs, movesFirst: perm[0] != 0) { shift in
      Transposition(shift == 0 ? perm : [0] + perm.map { $0 + 1 })
    }
  }
}
