import GradCAMPPKernels

/// Where: of two tensors the one or the other, element by element, by a constant condition.
enum WhereNode: NodeKind {
  static let operation = "Where"
  static let axisUse = AxisUse.elementwise

  static func outputShapes(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [Shape] {
    var shape = try inputs.shape(0, of: node)
    for place in 1...2 {
      let other = try inputs.shape(place, of: node)
      guard let extents = BroadcastAxes.extents(shape, other) else {
        throw node.error(
          "chooses from tensors of shapes \(shape) and \(other); expected for each axis one extent, "
            + "or 1")
      }
      shape = try node.shape(extents)
    }
    return [shape]
  }

  /// `c a + (1 - c) b`, of which one term is 0.
  static func lower(
    _ node: GraphNode, _ inputs: NodeInputs, to network: inout GraphLowering
  ) throws(GradCAMError) {
    guard let chosen = try inputs.constant(0, of: node).integers else {
      throw node.error("has a condition of fractions; expected truth values")
    }
    let output = try outputShapes(node, inputs)[0]
    let condition = try inputs.constant(0, of: node).shape
    var terms: [Int] = []
    var constant: Tensor?
    for place in 1...2 {
      let mask = try Tensor(condition, chosen.map { ($0 != 0) == (place == 1) ? 1 : 0 })
      guard inputs.constants[place] != nil else {
        let value = try network.lifted(place, of: node, inputs, rank: output.rank)
        let masked = Arithmetic(.multiply, constant: mask, isLeft: false)
        terms.append(try network.add(masked, [value], of: node)[0])
        continue
      }
      constant = try self.masked(try inputs.constant(place, of: node), mask, of: node)
    }
    if let constant {
      return try network.addLifted(
        Arithmetic(.add, constant: constant, isLeft: false), for: node, terms)
    }
    try network.addLifted(Arithmetic(.add), for: node, terms)
  }

  /// A constant times the mask.
  private static func masked(
    _ constant: GraphConstant, _ mask: Tensor, of node: GraphNode
  ) throws(GradCAMError) -> Tensor {
    let values = try constant.floats()
    guard values.allSatisfy(\.isFinite) else {
      throw node.error("fills in NaN or infinity; finite numbers are expected")
    }
    let extents = BroadcastAxes.extents(mask.shape, constant.shape) ?? []
    let shape = Shape(extents)
    let flags = mask.elements
    return try Tensor(
      shape,
      (0..<shape.count).map { index in
        flags[mask.shape.place(index, in: shape)] * values[constant.shape.place(index, in: shape)]
      })
  }
}
