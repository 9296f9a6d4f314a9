import GradCAMPPKernels

/// Folds each batch normalisation into the convolution or dense layer before it; one that stands
/// elsewhere stays.
///
/// With `factor = gamma / sqrt(variance + epsilon)`:
/// `gamma (W x + b - mean) / sqrt(variance + epsilon) + beta = (factor W) x + (b - mean) factor +
/// beta`.
enum FoldBatchNormalization: GraphPass {
  static let name = "fold batch normalisation"
  static let summary = "its factors go into the weights of the Conv or Gemm before it"

  static func apply(to graph: inout Graph) throws(GradCAMError) {
    let shapes = try graph.shapes()
    let operation = BatchNormalizationNode.operation
    let (consumers, named) = (graph.consumers, graph.named)
    var producers = graph.producers
    var unusedNames = UnusedNames(graph)
    for place in graph.nodes.indices where graph.nodes[place].operation == operation {
      let node = graph.nodes[place]
      let affine = try graph.named { () throws(GradCAMError) in
        try BatchNormalizationNode.Affine(node, graph.inputs(of: node, shapes))
      }
      // The node whose only reader the normalisation is.
      guard let input = node.input(0), consumers[input]?.count == 1, !named.contains(input),
        let before = producers[input], hasConstantWeights(graph.nodes[before], graph),
        let axis = try outputAxis(graph.nodes[before])
      else { continue }
      try graph.fold(affine, into: before, axis: axis, output: node.outputs[0], &unusedNames)
      producers[node.outputs[0]] = before
      // What is left reads nothing and writes nothing.
      graph.nodes[place].inputs = []
      graph.nodes[place].outputs = []
    }
    graph.nodes.removeAll { $0.operation == operation && $0.outputs.isEmpty }
  }

  private static func hasConstantWeights(_ node: GraphNode, _ graph: Graph) -> Bool {
    [1, 2].compactMap { node.input($0) }.allSatisfy { graph.constants[$0] != nil }
  }

  /// Place of the outputs among the axes of a node's weights; nil for other operations.
  private static func outputAxis(_ node: GraphNode) throws(GradCAMError) -> Int? {
    switch node.operation {
    case ConvNode.operation: 0
    case GemmNode.operation: try GemmNode.outputAxis(node)
    default: nil
    }
  }
}

extension Graph {
  /// Scales the outputs of a node by the normalisation's factors, moves its biases, and lets it
  /// write `output`.
  fileprivate mutating func fold(
    _ affine: BatchNormalizationNode.Affine, into place: Int, axis: Int, output: String,
    _ unusedNames: inout UnusedNames
  ) throws(GradCAMError) {
    let node = nodes[place]
    guard let name = node.input(1), let weights = constants[name] else { return }
    let given = node.input(2).flatMap { constants[$0] }
    let biases = try given?.floats() ?? [Float](repeating: 0, count: weights.shape[axis])
    // Names of their own: another node may share the tensors.
    let scaled = unusedNames.take("\(node.name)/weights")
    constants[scaled] = weights.scaled(axis: axis, by: affine.factors)
    let moved = unusedNames.take("\(node.name)/biases")
    constants[moved] = try GraphConstant(Shape([biases.count]), affine.folded(biases))
    nodes[place].inputs = [node.inputs[0], scaled, moved]
    nodes[place].outputs = [output]
  }
}
