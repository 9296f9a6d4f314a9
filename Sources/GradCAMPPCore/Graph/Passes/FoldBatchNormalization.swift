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
    for place in graph.nodes.indices where graph.nodes[place].operation == operation {
      let node = graph.nodes[place]
      let affine = try graph.named { () throws(GradCAMError) in
        try BatchNormalizationNode.Affine(node, graph.inputs(of: node, shapes))
      }
      guard let before = foldable(node, graph), let axis = try outputAxis(graph.nodes[before])
      else { continue }
      try graph.fold(affine, into: before, axis: axis, output: node.outputs[0])
      // What is left reads nothing and writes nothing.
      graph.nodes[place].inputs = []
      graph.nodes[place].outputs = []
    }
    graph.nodes.removeAll { $0.operation == operation && $0.outputs.isEmpty }
  }

  /// The place of the node whose only reader the normalisation is, if its weights are constants.
  private static func foldable(_ node: GraphNode, _ graph: Graph) -> Int? {
    guard let input = node.input(0), let before = graph.producers[input],
      graph.consumers[input]?.count == 1, !graph.named.contains(input)
    else { return nil }
    let reads = [1, 2].compactMap { graph.nodes[before].input($0) }
    return reads.allSatisfy { graph.constants[$0] != nil } ? before : nil
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
    _ affine: BatchNormalizationNode.Affine, into place: Int, axis: Int, output: String
  ) throws(GradCAMError) {
    let node = nodes[place]
    guard let name = node.input(1), let weights = constants[name] else { return }
    let given = node.input(2).flatMap { constants[$0] }
    let biases = try given?.floats() ?? [Float](repeating: 0, count: weights.shape[axis])
    // Names of their own: another node may share the tensors.
    let scaled = unusedName("\(node.name)/weights")
    constants[scaled] = weights.scaled(axis: axis, by: affine.factors)
    let moved = unusedName("\(node.name)/biases")
    constants[moved] = try GraphConstant(Shape([biases.count]), affine.folded(biases))
    nodes[place].inputs = [node.inputs[0], scaled, moved]
    nodes[place].outputs = [output]
  }
}
