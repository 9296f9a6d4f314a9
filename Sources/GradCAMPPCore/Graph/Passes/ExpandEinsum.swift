import GradCAMPPKernels

/// Writes an Einsum of one input as Transpose and ReduceSum, and one of two as a MatMul of what is left
/// of both once letters of one input alone are summed over.
enum ExpandEinsum: GraphPass {
  static let name = "expand Einsum"
  static let summary = "Einsum becomes Transpose, Reshape and MatMul"

  static func apply(to graph: inout Graph) throws(GradCAMError) {
    guard graph.nodes.contains(where: { $0.operation == EinsumNode.operation }) else { return }
    let shapes = try graph.shapes()
    var nodes: [GraphNode] = []
    for node in graph.nodes {
      guard node.operation == EinsumNode.operation else {
        nodes.append(node)
        continue
      }
      let inputs = graph.inputs(of: node, shapes)
      let expanded = try graph.named { () throws(GradCAMError) in
        let equation = try EinsumNode.equation(node)
        let extents = try EinsumNode.extents(node, equation, inputs)
        return EinsumExpansion(node, equation, extents, graph).expanded()
      }
      nodes += expanded
    }
    graph.nodes = nodes
  }
}

/// The nodes in an Einsum's place.
private struct EinsumExpansion {
  private let node: GraphNode
  private let equation: EinsumNode.Equation
  private let extents: [Character: Int]
  private let graph: Graph
  private var nodes: [GraphNode] = []

  init(
    _ node: GraphNode, _ equation: EinsumNode.Equation, _ extents: [Character: Int],
    _ graph: Graph
  ) {
    self.node = node
    self.equation = equation
    self.extents = extents
    self.graph = graph
  }

  /// The nodes; the last one writes what the Einsum wrote.
  func expanded() -> [GraphNode] {
    var copy = self
    copy.expand()
    copy.nodes[copy.nodes.count - 1].outputs = node.outputs
    return copy.nodes
  }

  private mutating func expand() {
    let output = equation.output
    guard equation.inputs.count == 2 else {
      let summed = summedOver(node.inputs[0], equation.inputs[0], keeping: Set(output))
      _ = transposed(summed.value, summed.letters, to: output)
      return
    }
    let (lefts, rights) = (equation.inputs[0], equation.inputs[1])
    let left = summedOver(node.inputs[0], lefts, keeping: Set(output).union(rights))
    let right = summedOver(node.inputs[1], rights, keeping: Set(output).union(lefts))
    let shared = left.letters.filter { right.letters.contains($0) }
    let batch = output.filter { shared.contains($0) }
    let terms = shared.filter { !output.contains($0) }
    let rows = output.filter { left.letters.contains($0) && !shared.contains($0) }
    let columns = output.filter { right.letters.contains($0) && !shared.contains($0) }
    let a = matrix(left, [batch.map { [$0] }, [rows], [terms]].flatMap { $0 })
    let b = matrix(right, [batch.map { [$0] }, [terms], [columns]].flatMap { $0 })
    let product = add(MatMulNode.operation, [a, b])
    let lying = batch + rows + columns
    let shaped = add(
      ReshapeNode.operation, [product], ["shape": .integers(lying.map { extents[$0] ?? 1 })])
    _ = transposed(shaped, lying, to: output)
  }

  /// A value without the axes of letters that nobody else has.
  private mutating func summedOver(
    _ value: String, _ letters: [Character], keeping: Set<Character>
  ) -> (value: String, letters: [Character]) {
    let axes = letters.indices.filter { !keeping.contains(letters[$0]) }
    guard !axes.isEmpty else { return (value, letters) }
    let sum = add(
      ReduceSumNode.operation, [value], ["axes": .integers(axes), "keepdims": .integer(0)])
    return (sum, letters.filter { keeping.contains($0) })
  }

  private mutating func transposed(
    _ value: String, _ letters: [Character], to wanted: [Character]
  ) -> String {
    let perm = wanted.map { letters.firstIndex(of: $0) ?? 0 }
    return add(TransposeNode.operation, [value], ["perm": .integers(perm)])
  }

  /// A value with axes in groups, each of which becomes one.
  private mutating func matrix(
    _ operand: (value: String, letters: [Character]), _ groups: [[Character]]
  ) -> String {
    let turned = transposed(operand.value, operand.letters, to: groups.flatMap { $0 })
    let shape = groups.map { $0.reduce(1) { $0 * (extents[$1] ?? 1) } }
    return add(ReshapeNode.operation, [turned], ["shape": .integers(shape)])
  }

  private mutating func add(
    _ operation: String, _ inputs: [String], _ attributes: [String: AttributeValue] = [:]
  ) -> String {
    let name = "\(node.outputs[0])/\(operation.lowercased()) \(nodes.count)"
    let output = graph.unusedName(name)
    nodes.append(
      GraphNode(operation, name: name, inputs: inputs, outputs: [output], attributes: attributes))
    return output
  }
}
