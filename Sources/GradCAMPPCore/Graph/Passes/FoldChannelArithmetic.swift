import GradCAMPPKernels

/// Folds products and sums with one number a channel into the convolution or dense layer before them:
/// what tf2onnx leaves of batch normalisations.
enum FoldChannelArithmetic: GraphPass {
  static let name = "fold channel arithmetic"
  static let summary = "a Mul or Add of one number a channel goes into the Conv or Gemm before it"

  static func apply(to graph: inout Graph) throws(GradCAMError) {
    let shapes = try graph.shapes()
    for place in graph.nodes.indices {
      guard let found = try foldable(graph.nodes[place], graph, shapes) else { continue }
      var layer = graph.nodes[found.layer]
      let output = graph.nodes[place].outputs[0]
      let count = found.numbers.count
      guard let weights = layer.input(1).flatMap({ graph.constants[$0] }) else { continue }
      var biases =
        try layer.input(2).flatMap { graph.constants[$0] }?.floats()
        ?? [Float](repeating: 0, count: count)
      if biases.count == 1 { biases = [Float](repeating: biases[0], count: count) }
      guard biases.count == count else { continue }
      if found.isProduct {
        let scaled = graph.unusedName("\(layer.name)/weights")
        graph.constants[scaled] = weights.scaled(axis: found.axis, by: found.numbers)
        layer.inputs[1] = scaled
        biases = zip(biases, found.numbers).map { $0 * $1 }
      } else {
        biases = zip(biases, found.numbers).map { $0 + $1 }
      }
      let moved = graph.unusedName("\(layer.name)/biases")
      graph.constants[moved] = try GraphConstant(Shape([count]), biases)
      layer.inputs = [layer.inputs[0], layer.inputs[1], moved]
      layer.outputs = [output]
      graph.nodes[found.layer] = layer
      graph.nodes[place].inputs = []
      graph.nodes[place].outputs = []
    }
    graph.nodes.removeAll { $0.outputs.isEmpty }
  }

  private struct Found {
    let layer: Int
    /// The axis of the layer's weights that its outputs are.
    let axis: Int
    let numbers: [Float]
    let isProduct: Bool
  }

  /// The layer that a node's arithmetic can go into.
  private static func foldable(
    _ node: GraphNode, _ graph: Graph, _ shapes: [String: Shape]
  ) throws(GradCAMError) -> Found? {
    guard let value = operand(node, graph), let shape = shapes[value],
      let place = graph.producers[value], graph.consumers[value]?.count == 1,
      !graph.named.contains(value)
    else { return nil }
    let layer = graph.nodes[place]
    let axis: Int
    switch layer.operation {
    case ConvNode.operation: axis = 0
    case GemmNode.operation: axis = try GemmNode.outputAxis(layer)
    default: return nil
    }
    guard let weights = layer.input(1).flatMap({ graph.constants[$0] }),
      [2].compactMap({ layer.input($0) }).allSatisfy({ graph.constants[$0] != nil }),
      weights.scaling == nil || weights.scaling?.axis == axis,
      layer.operation != GemmNode.operation || (try? layer.number("beta", default: 1)) == 1
    else { return nil }
    let channel = layer.layout == .channelsFirst || shape.rank == 2 ? 1 : shape.rank - 1
    let isProduct = node.operation == MulNode.operation
    guard
      let numbers = try numbers(node, besides: value, of: shape, channel: channel, graph),
      numbers.count == weights.shape[axis]
    else { return nil }
    let isNegative = node.operation == SubNode.operation
    return Found(
      layer: place, axis: axis, numbers: isNegative ? numbers.map { -$0 } : numbers,
      isProduct: isProduct)
  }

  /// The computed operand of a product, a sum, or a difference from which a constant is taken.
  private static func operand(_ node: GraphNode, _ graph: Graph) -> String? {
    let operations: Set<String> = [MulNode.operation, AddNode.operation, SubNode.operation]
    guard operations.contains(node.operation), node.inputs.count == 2 else { return nil }
    let isConstant = node.inputs.map { graph.constants[$0] != nil }
    if isConstant == [false, true] { return node.inputs[0] }
    return isConstant == [true, false] && node.operation != SubNode.operation ? node.inputs[1] : nil
  }

  /// The constant operand as one number for each channel; nil where it is not.
  private static func numbers(
    _ node: GraphNode, besides value: String, of shape: Shape, channel: Int, _ graph: Graph
  ) throws(GradCAMError) -> [Float]? {
    guard let name = node.inputs.first(where: { $0 != value }),
      let constant = graph.constants[name], constant.isFloat, constant.shape.rank <= shape.rank
    else { return nil }
    if constant.shape.count == 1 {
      return [Float](repeating: try constant.floats()[0], count: shape[channel])
    }
    let missing = shape.rank - constant.shape.rank
    guard channel >= missing, constant.shape[channel - missing] == shape[channel],
      constant.shape.count == shape[channel]
    else { return nil }
    return try constant.floats()
  }
}
