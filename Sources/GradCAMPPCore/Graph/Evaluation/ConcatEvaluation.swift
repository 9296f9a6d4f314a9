import GradCAMPPKernels

/// Concat: tensors one behind the other along an axis.
struct ConcatEvaluation: ConstantEvaluation {
  let operation = "Concat"
  let attributes: Set<String> = ["axis"]

  func results(_ node: GraphNode, _ inputs: KnownInputs) throws(GradCAMError) -> [KnownTensor] {
    var parts: [KnownTensor] = []
    for place in node.inputs.indices { parts.append(try inputs.tensor(place, of: node)) }
    let shape = try ConcatNode.outputShapes(
      node, NodeInputs(shapes: parts.map(\.shape), constants: []))[0]
    let axis = try node.axis("axis", rank: shape.rank)
    let outer = try node.knownShape(shape.extents).extents[..<axis].reduce(1, *)
    let counts = parts.map { $0.shape.count / max(outer, 1) }
    func joined<Number>(_ lists: [[Number]]) -> [Number] {
      (0..<outer).flatMap { row in
        zip(lists, counts).flatMap { list, count in list[row * count..<(row + 1) * count] }
      }
    }
    let integers = parts.compactMap(\.integers)
    return [
      KnownTensor(
        shape,
        integers.count == parts.count
          ? .integers(joined(integers)) : .floats(joined(parts.map(\.floats))))
    ]
  }
}
