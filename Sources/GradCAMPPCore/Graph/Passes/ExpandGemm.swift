import GradCAMPPKernels

/// Writes a Gemm that is no dense layer, `alpha A B + beta C` with anything transposed or computed, as
/// MatMul and what stands around it.
enum ExpandGemm: GraphPass {
  static let name = "expand Gemm"
  static let summary = "a Gemm that is no dense layer becomes Transpose, MatMul, Mul and Add"

  static func apply(to graph: inout Graph) throws(GradCAMError) {
    let shapes = try graph.shapes()
    var nodes: [GraphNode] = []
    var expansion = Expansion(graph)
    for node in graph.nodes {
      guard node.operation == GemmNode.operation, try !GemmNode.isDense(node, graph, shapes) else {
        nodes.append(node)
        continue
      }
      nodes += try expansion.nodes(for: node)
    }
    graph.nodes = nodes
    graph.constants.merge(expansion.constants) { old, _ in old }
  }

  /// Nodes in the place of others, and the constants that they read.
  private struct Expansion {
    let graph: Graph
    var constants: [String: GraphConstant] = [:]
    private var nodes: [GraphNode] = []

    init(_ graph: Graph) { self.graph = graph }

    mutating func nodes(for node: GraphNode) throws(GradCAMError) -> [GraphNode] {
      nodes = []
      var operands = [node.inputs[0], node.inputs[1]]
      for (place, turn) in ["transA", "transB"].enumerated()
      where try node.flag(turn, default: false) {
        operands[place] = add(
          TransposeNode.operation, node, turn, [operands[place]], ["perm": .integers([1, 0])])
      }
      let alpha = try node.number("alpha", default: 1)
      let beta = try node.number("beta", default: 1)
      let given = beta == 0 ? nil : node.input(2)
      var value = add(MatMulNode.operation, node, "product", operands)
      if alpha != 1 { value = try scaled(value, by: alpha, node, "alpha") }
      if var other = given {
        if beta != 1 { other = try scaled(other, by: beta, node, "beta") }
        value = add(AddNode.operation, node, "sum", [value, other])
      }
      nodes[nodes.count - 1].outputs = node.outputs
      return nodes
    }

    private mutating func scaled(
      _ value: String, by factor: Double, _ node: GraphNode, _ name: String
    ) throws(GradCAMError) -> String {
      let constant = graph.unusedName("\(node.name)/\(name) of \(node.outputs[0])")
      if let given = graph.constants[value], given.isFloat {
        constants[constant] = try GraphConstant(
          given.shape, try given.floats().map { $0 * Float(factor) })
        return constant
      }
      constants[constant] = try GraphConstant(Shape([]), [Float(factor)])
      return add(MulNode.operation, node, name, [value, constant])
    }

    private mutating func add(
      _ operation: String, _ node: GraphNode, _ name: String, _ inputs: [String],
      _ attributes: [String: AttributeValue] = [:]
    ) -> String {
      let output = graph.unusedName("\(node.outputs[0])/\(name)")
      nodes.append(
        GraphNode(
          operation, name: "\(node.name)/\(name)", inputs: inputs, outputs: [output],
          attributes: attributes))
      return output
    }
  }
}
