import GradCAMPPKernels

extension ChannelsLastTurn {
  /// The name of a value's memory with axes as operations count them.
  mutating func plain(_ value: String) throws(GradCAMError) -> String {
    try self.value(value, in: .plain(shapes[value]?.rank ?? 0))
  }

  /// The name of a value's memory in an order, made by a Transpose if there is none.
  mutating func value(_ value: String, in order: AxisOrder) throws(GradCAMError) -> String {
    guard let shape = shapes[value], let first = places[value]?.first else { return value }
    if let constant = graph.constants[value] { return try turned(constant, value, order) }
    if let found = rows[value] { try reorder(value, found) }
    guard shape.rank == order.rank else {
      throw graph.error(
        "\(value.quoted) of shape \(shape) is spread over more axes, which is not served")
    }
    if let place = places[value]?.first(where: { $0.order == order }) { return place.name }
    let name = unusedNames.take("\(value)/transposed")
    result.nodes.append(
      GraphNode(
        TransposeNode.operation, name: name, inputs: [first.name], outputs: [name],
        attributes: ["perm": .integers(first.order.permutation(to: order))]))
    places[value, default: []].append(Place(name: name, order: order))
    return name
  }

  /// A constant of so many axes in an order, under a name of its own.
  private mutating func turned(
    _ constant: GraphConstant, _ value: String, _ order: AxisOrder
  ) throws(GradCAMError) -> String {
    guard order.rank > 0, !(order.isPlain && order.rank == constant.shape.rank) else {
      return value
    }
    let missing = [Int](repeating: 1, count: order.rank - constant.shape.rank)
    let lifted =
      missing.isEmpty
      ? constant : try constant.reshaped(Shape(missing + constant.shape.extents))
    let name = unusedNames.take("\(value)/turned")
    result.constants[name] = lifted.transposed(order.axes)
    return name
  }

  /// Brings the elements of a flattened value into the order in which operations count them.
  private mutating func reorder(_ value: String, _ found: Rows) throws(GradCAMError) {
    guard let place = places[value]?.first, let batch = shapes[value]?[0] else { return }
    var name = place.name
    func add(_ operation: String, _ attributes: [String: AttributeValue]) {
      let made = unusedNames.take("\(value)/\(operation.lowercased())")
      result.nodes.append(
        GraphNode(
          operation, name: made, inputs: [name], outputs: [made], attributes: attributes))
      name = made
    }
    let lying = found.order.axes.map { found.extents[$0] }
    add(ReshapeNode.operation, ["shape": .integers([batch] + lying)])
    let perm = found.order.permutation(to: .plain(found.extents.count))
    add(TransposeNode.operation, ["perm": .integers([0] + perm.map { $0 + 1 })])
    add(FlattenNode.operation, [:])
    rows[value] = nil
    places[value] = [Place(name: name, order: .plain(2))]
  }
}
