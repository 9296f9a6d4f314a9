import GradCAMPPKernels

/// MatMul: the products of matrices, the two innermost axes, as NumPy's `matmul`.
///
/// A matrix that the file gives on the right is a dense layer of each token, which a pass makes of it;
/// here both operands may have batches of matrices.
enum MatMulNode: NodeKind {
  static let operation = "MatMul"
  static let axisUse = AxisUse.memory

  static func outputShapes(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [Shape] {
    let (left, right) = (try inputs.shape(0, of: node), try inputs.shape(1, of: node))
    // A vector is a matrix of one row on the left, of one column on the right.
    let lefts = left.rank == 1 ? [1] + left.extents : left.extents
    let rights = right.rank == 1 ? right.extents + [1] : right.extents
    guard node.inputs.count == 2, lefts.count >= 2, rights.count >= 2,
      lefts[lefts.count - 1] == rights[rights.count - 2], lefts[lefts.count - 1] > 0,
      let batch = BroadcastAxes.extents(Shape(lefts.dropLast(2)), Shape(rights.dropLast(2)))
    else {
      throw node.error(
        "multiplies matrices of shapes \(left) and \(right); expected as many columns as rows, and "
          + "batches that are equal or 1")
    }
    let rows = left.rank == 1 ? [] : [lefts[lefts.count - 2]]
    let columns = right.rank == 1 ? [] : [rights[rights.count - 1]]
    return [try node.shape(batch + rows + columns)]
  }

  static func lower(
    _ node: GraphNode, _ inputs: NodeInputs, to network: inout GraphLowering
  ) throws(GradCAMError) {
    let shapes = [try inputs.shape(0, of: node), try inputs.shape(1, of: node)]
    let output = try outputShapes(node, inputs)[0]
    let rank = max(2, shapes.map(\.rank).max() ?? 2)
    var matrices: [Shape] = []
    for (place, shape) in shapes.enumerated() {
      let single = place == 0 ? [1] + shape.extents : shape.extents + [1]
      let extents = shape.rank == 1 ? single : shape.extents
      matrices.append(Shape([Int](repeating: 1, count: rank - extents.count) + extents))
    }
    var values: [Int] = []
    var constant: (tensor: Tensor, isLeft: Bool)?
    for place in 0..<2 {
      guard let given = inputs.constants[place] else {
        values.append(try network.viewed(try network.value(place, of: node), matrices[place]))
        continue
      }
      let array = try given.array()
      guard try array.floats(node.name).allSatisfy(\.isFinite) else {
        throw .notFinite(layer: node.name)
      }
      constant = (try array.tensor().viewed(as: matrices[place]), place == 0)
    }
    let operation =
      constant.map { MatrixProduct(constant: $0.tensor, isLeft: $0.isLeft) } ?? MatrixProduct()
    let product = try network.add(operation, values, of: node)[0]
    network.bind(node.outputs[0], to: try network.viewed(product, output.item))
  }
}
