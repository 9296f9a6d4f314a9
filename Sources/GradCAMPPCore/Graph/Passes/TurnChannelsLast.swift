import GradCAMPPKernels

/// Turns a graph whose tensors are (N, C, spatial…) into one whose tensors are (N, spatial…, C).
///
/// Every value keeps a note of the order in which its axes lie. A Transpose only changes the note,
/// so that transposes between the two layouts cancel wherever they stand; memory moves only where
/// an operation needs another order than the one there is. A Flatten of such memory gives another
/// order of elements, which the rows of the dense weights behind it follow.
enum TurnChannelsLast: GraphPass {
  static let name = "turn channels last"
  static let summary = "tensors lie as (N, spatial, C); transposes cancel, dense weights follow"

  static func apply(to graph: inout Graph) throws(GradCAMError) {
    var turn = try ChannelsLastTurn(graph)
    graph = try turn.turned()
  }
}

/// A graph on its way to channels last.
struct ChannelsLastTurn {
  /// A value as it lies.
  struct Place {
    let name: String
    let order: AxisOrder
  }

  /// What a flattened value's elements were before: the extents without the batch, as operations
  /// count them, and the order in which they lay.
  struct Rows {
    let extents: [Int]
    let order: AxisOrder
  }

  let graph: Graph
  let shapes: [String: Shape]
  var result: Graph
  /// How the values of the graph lie, the first place being the one they are made at.
  var places: [String: [Place]] = [:]
  /// Flattened values whose elements lie otherwise than operations count them.
  var rows: [String: Rows] = [:]

  init(_ graph: Graph) throws(GradCAMError) {
    self.graph = graph
    shapes = try graph.shapes()
    result = graph
    result.nodes = []
    for (name, constant) in graph.constants {
      places[name] = [Place(name: name, order: .plain(constant.shape.rank))]
    }
    for place in graph.inputs.indices {
      let input = graph.inputs[place]
      // Pictures are handed in channels last whatever the file says.
      let order =
        input.layout == .channelsFirst
        ? AxisOrder.channelsLast(input.extents.count) : .plain(input.extents.count)
      places[input.name] = [Place(name: input.name, order: order)]
      result.inputs[place].extents = order.axes.map { input.extents[$0] }
      result.inputs[place].layout = .channelsLast
    }
  }

  mutating func turned() throws(GradCAMError) -> Graph {
    for node in graph.nodes {
      if node.operation == TransposeNode.operation {
        try note(node)
        continue
      }
      switch try graph.kind(of: node).axisUse {
      case .spatial: try turnSpatial(node)
      case .elementwise: try turnElementwise(node)
      case .named: try turnNamed(node)
      case .memory: try turnMemory(node)
      }
    }
    for place in result.outputs.indices {
      result.outputs[place] = try ending(result.outputs[place])
    }
    for place in result.layers.indices {
      result.layers[place].value = try ending(result.layers[place].value)
    }
    return result
  }

  /// The memory that stands for an output or a layer: as it lies if it has channels and spatial
  /// axes, else in the order in which operations count its elements.
  private mutating func ending(_ value: String) throws(GradCAMError) -> String {
    (shapes[value]?.rank ?? 0) < 3 ? try plain(value) : places[value]?.first?.name ?? value
  }

  /// A Transpose: the same memory, its axes counted anew.
  private mutating func note(_ node: GraphNode) throws(GradCAMError) {
    let value = node.inputs[0]
    let rank = shapes[value]?.rank ?? 0
    let perm = try graph.named { () throws(GradCAMError) in
      try TransposeNode.permutation(node, rank: rank)
    }
    if rows[value] != nil, perm != Array(0..<rank) { _ = try plain(value) }
    places[node.outputs[0]] = places[value]?.map {
      Place(name: $0.name, order: $0.order.counted(by: perm))
    }
    rows[node.outputs[0]] = rows[value]
  }

  private mutating func turnSpatial(_ node: GraphNode) throws(GradCAMError) {
    let rank = shapes[node.inputs[0]]?.rank ?? 0
    let order: AxisOrder = node.layout == .channelsFirst ? .channelsLast(rank) : .plain(rank)
    var turned = node
    turned.layout = .channelsLast
    turned.inputs[0] = try value(node.inputs[0], in: order)
    for place in node.inputs.indices.dropFirst() where !node.inputs[place].isEmpty {
      turned.inputs[place] = try plain(node.inputs[place])
    }
    emit(turned, order)
  }

  private mutating func turnElementwise(_ node: GraphNode) throws(GradCAMError) {
    let computed = node.inputs.filter { !$0.isEmpty && graph.constants[$0] == nil }
    guard let first = computed.first, let order = places[first]?.first?.order else {
      return emit(node, .plain(shapes[node.outputs[0]]?.rank ?? 0))
    }
    var turned = node
    if node.inputs.count == 1, let found = rows[first] {
      turned.inputs[0] = places[first]?.first?.name ?? first
      rows[node.outputs[0]] = found
      return emit(turned, order)
    }
    // Inputs of fewer axes are spread over the last ones: they need as many to be turned.
    let rank = node.inputs.compactMap { shapes[$0]?.rank }.max() ?? 0
    let isAligned = computed.allSatisfy { shapes[$0]?.rank == rank }
    let common = isAligned ? order : .plain(rank)
    for place in node.inputs.indices where !node.inputs[place].isEmpty {
      let input = node.inputs[place]
      let isShort = graph.constants[input] == nil && shapes[input]?.rank != rank
      turned.inputs[place] = isShort ? try plain(input) : try value(input, in: common)
    }
    emit(turned, common)
  }

  private mutating func turnNamed(_ node: GraphNode) throws(GradCAMError) {
    let first = node.inputs.first { !$0.isEmpty && graph.constants[$0] == nil } ?? node.inputs[0]
    if rows[first] != nil { _ = try plain(first) }
    let rank = shapes[first]?.rank ?? 0
    let order = rows[first] == nil ? places[first]?.first?.order ?? .plain(rank) : .plain(rank)
    let kind = try graph.kind(of: node)
    var (turned, outputs) = try graph.named { () throws(GradCAMError) in
      try kind.renamed(node, order, graph.inputs(of: node, shapes))
    }
    for place in turned.inputs.indices {
      let input = turned.inputs[place]
      let isTensor = graph.constants[input]?.isFloat ?? true
      guard !input.isEmpty, isTensor, shapes[input]?.rank == rank else { continue }
      turned.inputs[place] = try value(input, in: order)
    }
    emit(turned, outputs)
  }

  private mutating func turnMemory(_ node: GraphNode) throws(GradCAMError) {
    if node.operation == FlattenNode.operation { return try flatten(node) }
    if node.operation == ReshapeNode.operation, try reshape(node) { return }
    var turned = node
    if node.operation == GemmNode.operation, let found = rows[node.inputs[0]],
      let constant = graph.constants[node.inputs[1]]
    {
      turned = try followed(node, found, constant)
      turned.inputs[0] = places[node.inputs[0]]?.first?.name ?? node.inputs[0]
    } else {
      for place in node.inputs.indices where !node.inputs[place].isEmpty {
        turned.inputs[place] = try plain(node.inputs[place])
      }
    }
    emit(turned, .plain(shapes[node.outputs[0]]?.rank ?? 0))
  }

  private mutating func flatten(_ node: GraphNode) throws(GradCAMError) {
    guard let shape = shapes[node.inputs[0]], let place = places[node.inputs[0]]?.first,
      rows[node.inputs[0]] == nil, shape.rank > 0, shape[0] == 1,
      try FlattenNode.axis(node, rank: shape.rank) == 1
    else {
      var turned = node
      turned.inputs[0] = try plain(node.inputs[0])
      return emit(turned, .plain(2))
    }
    var turned = node
    turned.inputs[0] = place.name
    if !place.order.coincides(with: .plain(shape.rank), for: shape) {
      let lying = place.order.axes.filter { $0 != 0 }.map { $0 - 1 }
      rows[node.outputs[0]] = Rows(
        extents: Array(shape.extents.dropFirst()), order: AxisOrder(lying))
      // The file's axis is counted as operations do.
      turned.attributes = [:]
    }
    emit(turned, .plain(2))
  }

  /// Follows a Reshape that only parts axes, or makes one of axes that lie next to each other; false
  /// where memory must be in the order in which operations count.
  private mutating func reshape(_ node: GraphNode) throws(GradCAMError) -> Bool {
    guard let shape = shapes[node.inputs[0]], let output = shapes[node.outputs[0]],
      let place = places[node.inputs[0]]?.first, rows[node.inputs[0]] == nil,
      let order = place.order.reshaped(shape, to: output)
    else { return false }
    emit(
      GraphNode(
        ReshapeNode.operation, name: node.name, inputs: [place.name], outputs: node.outputs,
        attributes: ["shape": .integers(order.stored(output).extents)]), order)
    return true
  }

  /// A dense layer whose weights follow the order of its flattened input.
  private mutating func followed(
    _ node: GraphNode, _ rows: Rows, _ constant: GraphConstant
  ) throws(GradCAMError) -> GraphNode {
    var outputAxis = try graph.named { () throws(GradCAMError) in
      try GemmNode.outputAxis(node)
    }
    var constant = constant
    if !constant.order.isPlain {
      constant = constant.transposed([1, 0])
      outputAxis = 1 - outputAxis
    }
    let outputs = constant.shape[outputAxis]
    let rank = rows.extents.count
    let isOutputsFirst = outputAxis == 0
    let lifted = try constant.reshaped(
      Shape(isOutputsFirst ? [outputs] + rows.extents : rows.extents + [outputs]))
    let wanted = AxisOrder(
      isOutputsFirst ? rows.order.axes.map { $0 + 1 } + [0] : rows.order.axes + [rank])
    let array = try lifted.array(in: wanted)
    let name = result.unusedName("\(node.inputs[1])/channels_last")
    result.constants[name] = GraphConstant(
      array.viewed(as: Shape([array.shape.count / outputs, outputs])))
    var turned = node
    turned.inputs[1] = name
    turned.attributes["transB"] = nil
    return turned
  }

  private mutating func emit(_ node: GraphNode, _ order: AxisOrder) {
    result.nodes.append(node)
    for output in node.outputs where !output.isEmpty {
      places[output] = [Place(name: output, order: order)]
    }
  }
}
