import GradCAMPPKernels

/// A graph on its way to a network: operators by the values of the graph that they compute.
public struct GraphLowering {
  private var builder: NetworkBuilder
  /// Values of the network by those of the graph.
  private var values: [String: Int] = [:]
  private var weights: [(name: String, array: WeightArray)] = []
  private var blueprint: Blueprint

  /// A network made of a graph.
  struct Result {
    let network: Network
    /// Layers that can be named, with the shapes of their tensors without the batch.
    let layers: [(name: String, kind: String, shape: Shape)]
    /// The weights of convolutions and dense layers, `NAME/weights` and `NAME/biases`, in the
    /// layouts of the operators; then other tensors of the graph, `constants/N`.
    let weights: [(name: String, array: WeightArray)]
    /// The graph with those arrays for constants: what the same network is made of again.
    let blueprint: Graph
  }

  private init(_ graph: Graph, _ input: String, _ shape: Shape) {
    blueprint = Blueprint(graph)
    builder = NetworkBuilder(inputShape: shape)
    values[input] = builder.input
  }

  /// The network of a graph that the passes have gone over.
  static func network(of graph: Graph) throws(GradCAMError) -> Result {
    try graph.check()
    let shapes = try graph.shapes()
    guard graph.inputs.count == 1, let input = graph.inputs.first, let shape = shapes[input.name],
      graph.outputs.count == 1
    else {
      throw graph.error(
        "the network has \(graph.inputs.count) inputs and \(graph.outputs.count) outputs; expected "
          + "one of each")
    }
    guard input.layout == .channelsLast, shape.rank >= 3, shape[0] == 1 else {
      throw graph.error("the network's input has shape \(shape); expected one picture")
    }
    var lowering = GraphLowering(graph, input.name, shape)
    for node in graph.nodes {
      let kind = try graph.kind(of: node)
      try graph.named { () throws(GradCAMError) in
        try kind.lower(node, graph.inputs(of: node, shapes), to: &lowering)
        try lowering.checkOutputs(of: node, shapes)
        try lowering.blueprint.add(node, graph)
      }
    }
    return try graph.named { () throws(GradCAMError) in try lowering.finished(graph) }
  }

  /// Throws `badData` unless the operators compute tensors of the extents that the node has.
  private func checkOutputs(
    of node: GraphNode, _ shapes: [String: Shape]
  ) throws(GradCAMError) {
    for name in node.outputs {
      guard let value = values[name], let shape = shapes[name] else { continue }
      let found = builder.shape(of: value).withoutBatch
      guard found == shape.item else {
        throw node.error(
          "would compute a tensor of shape \(found); expected \(shape.item), for one picture")
      }
    }
  }

  private func finished(_ graph: Graph) throws(GradCAMError) -> Result {
    var builder = builder
    var layers: [(name: String, kind: String, shape: Shape)] = []
    for layer in graph.layers {
      guard let value = values[layer.value] else {
        throw GradCAMError(
          .badData, "layer \(layer.name.quoted) does not depend on the network's input")
      }
      builder.name(value, layer.name)
      if let kind = layer.kind {
        layers.append((layer.name, kind, builder.shape(of: value).withoutBatch))
      }
    }
    guard let output = values[graph.outputs[0]] else {
      throw GradCAMError(.badData, "the output does not depend on the input")
    }
    return Result(
      network: builder.build(output: output, kind: kind(of: output, graph)), layers: layers,
      weights: weights + blueprint.others, blueprint: blueprint.graph)
  }

  /// What the output is; numbers behind no activation are taken for logits.
  private func kind(of output: Int, _ graph: Graph) -> OutputKind {
    let shape = builder.shape(of: output).withoutBatch
    if shape.rank > 1 { return .map }
    // The softmax of one number would be 1 whatever it is.
    return .classes(shape.count == 1 ? .sigmoid : graph.outputActivation ?? .softmax)
  }

  /// The network's value of a node's input; throws `badData` naming the node for a constant.
  public func value(_ place: Int, of node: GraphNode) throws(GradCAMError) -> Int {
    guard let name = node.input(place), let value = values[name] else {
      throw node.error("has an input \(place) that is not computed from the picture")
    }
    return value
  }

  /// Adds the operator that computes a node's output from its first input.
  public mutating func add(
    _ operation: any Operator, for node: GraphNode
  ) throws(GradCAMError) {
    try add(operation, for: node, inputs: 0..<1)
  }

  /// Adds the operator that computes a node's outputs from those of its inputs.
  public mutating func add(
    _ operation: any Operator, for node: GraphNode, inputs places: Range<Int>
  ) throws(GradCAMError) {
    var inputs: [Int] = []
    for place in places { inputs.append(try value(place, of: node)) }
    for (name, value) in zip(node.outputs, try add(operation, inputs, of: node)) {
      values[name] = value
    }
  }

  /// Adds an operator and returns its values; errors name the node.
  mutating func add(
    _ operation: any Operator, _ inputs: [Int], of node: GraphNode
  ) throws(GradCAMError) -> [Int] {
    do throws(GradCAMError) {
      return try builder.add(operation, inputs)
    } catch {
      throw GradCAMError(error.kind, node.error(": \(error.message)").message)
    }
  }

  /// Adds an operator and returns its values.
  mutating func add(_ operation: any Operator, _ inputs: [Int]) throws(GradCAMError) -> [Int] {
    try builder.add(operation, inputs)
  }

  /// The shape of a network's value.
  func shape(of value: Int) -> Shape { builder.shape(of: value) }

  /// Says which of the network's values a value of the graph is.
  mutating func bind(_ name: String, to value: Int) { values[name] = value }

  /// Lets a node's output be the memory of its first input.
  public mutating func pass(_ node: GraphNode) throws(GradCAMError) {
    values[node.outputs[0]] = try value(0, of: node)
  }

  /// Biases, zeros where they were left out.
  ///
  /// Throws `badData` for NaN and infinity.
  func biases(
    _ place: Int, of node: GraphNode, _ inputs: NodeInputs, count: Int
  ) throws(GradCAMError) -> WeightArray {
    guard node.input(place) != nil else {
      return WeightArray(try Tensor(Shape([count])) { _ in })
    }
    let biases = try inputs.constant(place, of: node).array()
    guard try biases.floats("\(node.name)/biases").allSatisfy(\.isFinite) else {
      throw GradCAMError(
        .badData,
        "the biases of layer \(node.name) hold NaN or infinity; finite numbers are expected")
    }
    // A copy: where weights were rearranged, nothing keeps the file or the host's arrays any more.
    return WeightArray(try biases.tensor())
  }

  /// Keeps the weights of a node, in the layout of its operator, under its name.
  ///
  /// `constant` is the same weights with the axes as the node counts them.
  mutating func keep(
    weights array: WeightArray, biases: WeightArray, as constant: GraphConstant, of node: GraphNode
  ) {
    let names = blueprint.add(node, weights: constant, biases: biases)
    weights += [(names[0], array), (names[1], biases)]
  }
}
