import GradCAMPPKernels

/// Gemm: a dense layer, `y = x W + b`, W (inputs, outputs), or (outputs, inputs) with `transB`.
enum GemmNode: NodeKind {
  static let operation = "Gemm"
  static let attributes: Set<String> = ["alpha", "beta", "transA", "transB"]
  static let axisUse = AxisUse.memory

  /// Place of the outputs among the axes of the weights.
  static func outputAxis(_ node: GraphNode) throws(GradCAMError) -> Int {
    try node.flag("transB", default: false) ? 0 : 1
  }

  static func outputShapes(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [Shape] {
    let shape = try inputs.shape(0, of: node)
    let weights = try inputs.shape(1, of: node)
    try node.require("transA", 0)
    for factor in ["alpha", "beta"] where try node.number(factor, default: 1) != 1 {
      throw node.wrong(factor, node.attributes[factor] ?? .number(1), "1")
    }
    let axis = try outputAxis(node)
    guard shape.rank == 2, weights.rank == 2, weights.count > 0, weights[1 - axis] == shape[1]
    else {
      throw node.error(
        "has weights of shape \(weights) for a tensor of shape \(shape); expected a matrix of "
          + "\(shape.channels) inputs")
    }
    if node.input(2) != nil {
      let biases = try inputs.shape(2, of: node)
      guard biases.count == weights[axis] else {
        throw node.error("has biases of shape \(biases); expected one for each of \(weights[axis])")
      }
    }
    return [try node.shape([shape[0], weights[axis]])]
  }

  static func lower(
    _ node: GraphNode, _ inputs: NodeInputs, to network: inout GraphLowering
  ) throws(GradCAMError) {
    let constant = try inputs.constant(1, of: node)
    let axis = try outputAxis(node)
    let matrix = try constant.arranged(in: axis == 1 ? .plain(2) : AxisOrder([1, 0]))
    let biases = try network.biases(2, of: node, inputs, count: constant.shape[axis])
    try network.add(
      Dense(layer: node.name, weights: matrix, biases: try biases.floats()), for: node)
    network.keep(
      weights: matrix, biases: biases,
      as: GraphConstant(matrix, order: axis == 1 ? .plain(2) : AxisOrder([1, 0])), of: node)
  }
}
