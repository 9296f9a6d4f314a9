import GradCAMPPKernels

/// Makes a dense layer of a MatMul by a matrix that the file gives, and of the Add of a bias behind
/// it: Gemm where it takes one vector, Linear where it takes many.
enum RecognizeLinear: GraphPass {
  static let name = "recognise dense layers"
  static let summary = "MatMul by a constant matrix, and Add of a bias, become Linear or Gemm"

  static func apply(to graph: inout Graph) throws(GradCAMError) {
    let shapes = try graph.shapes()
    let consumers = graph.consumers
    let named = graph.named
    var merged: Set<Int> = []
    for place in graph.nodes.indices where graph.nodes[place].operation == MatMulNode.operation {
      let node = graph.nodes[place]
      guard let input = node.input(0), let weights = node.input(1), graph.constants[input] == nil,
        let shape = shapes[input], shape.rank >= 2, let matrix = graph.constants[weights],
        matrix.isFloat, matrix.shape.rank == 2
      else { continue }
      var inputs = [input, weights]
      var outputs = node.outputs
      if !named.contains(node.outputs[0]), let readers = consumers[node.outputs[0]],
        readers.count == 1,
        let bias = bias(graph.nodes[readers[0]], of: node, matrix.shape[1], graph)
      {
        inputs.append(bias)
        outputs = graph.nodes[readers[0]].outputs
        merged.insert(readers[0])
      }
      let isVector = shape.rank == 2 && shape[0] == 1
      graph.nodes[place] = GraphNode(
        isVector ? GemmNode.operation : LinearNode.operation, name: node.name, inputs: inputs,
        outputs: outputs)
    }
    graph.nodes = graph.nodes.indices.filter { !merged.contains($0) }.map { graph.nodes[$0] }
  }

  /// The constant of so many numbers that an Add puts to what a node writes.
  private static func bias(
    _ reader: GraphNode, of node: GraphNode, _ count: Int, _ graph: Graph
  ) -> String? {
    guard reader.operation == AddNode.operation, reader.inputs.count == 2,
      let other = reader.inputs.first(where: { $0 != node.outputs[0] }),
      let constant = graph.constants[other], constant.isFloat,
      constant.shape == Shape([count])
    else { return nil }
    return other
  }
}
