import GradCAMPPKernels

// A network's tensors have the batch of pictures in front. A graph is of one picture, and exporters
// put its batch anywhere or into another axis: (tokens, N, channels), (N windows, tokens, channels).
// So a value's axes as they are follow the network's batch, but that a first axis of extent 1 is
// taken for that batch: pictures are computed alike and apart, whatever the file calls its axes.

extension Shape {
  /// The extents that a graph's value has behind the network's batch.
  var item: Shape { rank > 0 && self[0] == 1 ? withoutBatch : self }
}

extension GraphLowering {
  /// The value of a node's input with all axes behind the batch, axis i of the node being axis
  /// i + 1; with more axes of extent 1 in front where `rank` is more than the input's.
  mutating func lifted(
    _ place: Int, of node: GraphNode, _ inputs: NodeInputs, rank: Int? = nil
  ) throws(GradCAMError) -> Int {
    let shape = try inputs.shape(place, of: node)
    let missing = max(0, (rank ?? shape.rank) - shape.rank)
    let extents = [Int](repeating: 1, count: missing) + shape.extents
    return try viewed(try value(place, of: node), Shape(extents))
  }

  /// A value with other extents behind the batch.
  mutating func viewed(_ value: Int, _ item: Shape) throws(GradCAMError) -> Int {
    guard shape(of: value).withoutBatch != item else { return value }
    return try add(Reshaping(to: item), [value])[0]
  }

  /// Adds the operator that computes a node's outputs from values with all axes behind the batch,
  /// or, where it `isDirect`, with the batch for their first axis.
  mutating func addLifted(
    _ operation: any Operator, for node: GraphNode, _ values: [Int], isDirect: Bool = false
  ) throws(GradCAMError) {
    for (name, value) in zip(node.outputs, try add(operation, values, of: node)) {
      let item = shape(of: value).withoutBatch
      bind(name, to: try viewed(value, isDirect ? item : item.item))
    }
  }

  /// Adds the operator that `make` makes for a first input whose axis i is axis i + `shift` of the
  /// network.
  ///
  /// `movesFirst` says whether the node does anything along its axis 0.
  mutating func add(
    for node: GraphNode, _ inputs: NodeInputs, movesFirst: Bool,
    _ make: (_ shift: Int) -> any Operator
  ) throws(GradCAMError) {
    let shape = try inputs.shape(0, of: node)
    if !movesFirst, shape.rank > 0, shape[0] == 1 {
      return try add(make(0), for: node)
    }
    try addLifted(make(1), for: node, [try lifted(0, of: node, inputs)])
  }

  /// Lets a node's output be its first input with other extents.
  mutating func reshape(_ node: GraphNode, to shape: Shape) throws(GradCAMError) {
    let value = try value(0, of: node)
    guard self.shape(of: value).withoutBatch != shape.item else { return try pass(node) }
    try add(shape.rank == 2 && shape[0] == 1 ? Flatten() : Reshaping(to: shape.item), for: node)
  }
}
