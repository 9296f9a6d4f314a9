import GradCAMPPKernels

/// Writes a layer normalisation of several nodes, over the innermost axis, as the one that it is:
/// `(x - mean(x)) / sqrt(mean((x - mean(x))²) + epsilon)`, times factors, plus offsets.
enum RecognizeLayerNormalization: GraphPass {
  static let name = "recognise layer normalisation"
  static let summary = "ReduceMean, Sub, Pow, Add, Sqrt, Div, Mul and Add become LayerNormalization"

  private static let operation = "LayerNormalization"

  /// A normalised value, and what the variance has added to it.
  private struct Found {
    let input: String
    let epsilon: Double
  }

  static func apply(to graph: inout Graph) throws(GradCAMError) {
    let shapes = try graph.shapes()
    let consumers = graph.consumers
    let reading = GraphReading(graph)
    for place in graph.nodes.indices where graph.nodes[place].operation == DivNode.operation {
      let node = graph.nodes[place]
      guard let found = found(node, reading, shapes), let channels = shapes[found.input]?.channels
      else { continue }
      var output = node.outputs[0]
      var last = place
      /// The constant that the only reader of the result combines it with, one number a channel.
      func constant(_ operation: String) -> (place: Int, name: String)? {
        guard let readers = consumers[output], readers.count == 1, !graph.named.contains(output),
          graph.nodes[readers[0]].operation == operation,
          let other = graph.nodes[readers[0]].inputs.first(where: { $0 != output }),
          let shape = graph.constants[other]?.shape, shape.count == channels,
          shape.channels == channels
        else { return nil }
        return (readers[0], other)
      }
      var inputs = [found.input]
      if let factors = constant(MulNode.operation) {
        inputs.append(try graph.flattened(factors.name))
        (last, output) = (factors.place, graph.nodes[factors.place].outputs[0])
        if let offsets = constant(AddNode.operation) {
          inputs.append(try graph.flattened(offsets.name))
          (last, output) = (offsets.place, graph.nodes[offsets.place].outputs[0])
        }
      } else {
        let ones = graph.unusedName("\(node.name)/factors")
        graph.constants[ones] = try GraphConstant(
          Shape([channels]), [Float](repeating: 1, count: channels))
        inputs.append(ones)
      }
      graph.nodes[last] = GraphNode(
        operation, name: graph.nodes[last].name, inputs: inputs, outputs: [output],
        attributes: ["axis": .integer(-1), "epsilon": .number(found.epsilon)])
    }
    try DropDeadNodes.apply(to: &graph)
  }

  /// What a quotient normalises, if it does.
  private static func found(
    _ node: GraphNode, _ reading: GraphReading, _ shapes: [String: Shape]
  ) -> Found? {
    guard let root = reading.node(node.inputs[1], SqrtNode.operation),
      let (variance, number) = reading.sum(root.inputs[0]), let epsilon = reading.number(number),
      let squares = mean(variance, reading, shapes)
    else { return nil }
    let product = reading.product(squares)
    guard product.number == 1, product.values == [node.inputs[0], node.inputs[0]],
      let centered = reading.node(node.inputs[0], SubNode.operation),
      mean(centered.inputs[1], reading, shapes) == centered.inputs[0]
    else { return nil }
    return Found(input: centered.inputs[0], epsilon: epsilon)
  }

  /// What a value is the mean of over the innermost axis, which stays.
  private static func mean(
    _ value: String, _ reading: GraphReading, _ shapes: [String: Shape]
  ) -> String? {
    guard let node = reading.node(value, ReduceMeanNode.operation), let input = node.input(0),
      let rank = shapes[input]?.rank,
      let axes = try? ReduceMeanNode.axes(node, reading.graph.inputs(of: node, shapes)),
      axes == [rank - 1], (try? ReduceMeanNode.keepsAxes(node)) == true
    else { return nil }
    return input
  }
}

extension Graph {
  /// A constant as a list, under a name of its own if it has more axes.
  fileprivate mutating func flattened(_ name: String) throws(GradCAMError) -> String {
    guard let constant = constants[name], constant.shape.rank != 1 else { return name }
    let list = unusedName("\(name)/list")
    constants[list] = try constant.reshaped(Shape([constant.shape.count]))
    return list
  }
}
