import GradCAMPPKernels

/// A node that combines two tensors element by element, axes of extent 1 spread over the other's.
protocol ArithmeticNode: NodeKind {
  /// What the elements are combined by.
  static var function: ArithmeticFunction { get }
}

extension ArithmeticNode {
  /// Element by element.
  static var axisUse: AxisUse { .elementwise }

  /// For each axis the larger extent.
  static func outputShapes(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [Shape] {
    guard node.inputs.count == 2 else {
      throw node.error("has \(node.inputs.count) inputs; expected 2")
    }
    let (left, right) = (try inputs.shape(0, of: node), try inputs.shape(1, of: node))
    guard let extents = BroadcastAxes.extents(left, right) else {
      throw node.error(
        "combines tensors of shapes \(left) and \(right); expected for each axis one extent, or 1")
    }
    return [try node.shape(extents)]
  }

  /// A sum, a scaling of channels, or whatever else.
  static func lower(
    _ node: GraphNode, _ inputs: NodeInputs, to network: inout GraphLowering
  ) throws(GradCAMError) {
    try lowerCombined(node, inputs, to: &network)
  }

  /// Likewise, for kinds that do it for some nodes only.
  static func lowerCombined(
    _ node: GraphNode, _ inputs: NodeInputs, to network: inout GraphLowering
  ) throws(GradCAMError) {
    guard let place = [1, 0].first(where: { inputs.constants[$0] != nil }) else {
      return try lowerPair(node, inputs, to: &network)
    }
    let constant = try inputs.constant(place, of: node).array()
    guard try constant.floats(node.name).allSatisfy(\.isFinite) else {
      throw node.error("holds NaN or infinity; finite numbers are expected")
    }
    let (isLeft, computed) = (place == 0, 1 - place)
    let shape = try inputs.shape(computed, of: node)
    if let scaling = try scaling(constant, isLeft: isLeft, of: shape) {
      return try network.add(scaling, for: node, inputs: computed..<computed + 1)
    }
    let operation = Arithmetic(function, constant: try constant.tensor(), isLeft: isLeft)
    let output = try outputShapes(node, inputs)[0]
    if output == shape {
      return try network.add(operation, for: node, inputs: computed..<computed + 1)
    }
    let value = try network.lifted(computed, of: node, inputs, rank: output.rank)
    try network.addLifted(operation, for: node, [value])
  }

  /// Two inputs, which meet as they are if both or neither have the batch of pictures for their
  /// first axis.
  private static func lowerPair(
    _ node: GraphNode, _ inputs: NodeInputs, to network: inout GraphLowering
  ) throws(GradCAMError) {
    let (left, right) = (try inputs.shape(0, of: node), try inputs.shape(1, of: node))
    let isSum = function == .add && left == right
    let operation: any Operator = isSum ? Addition() : Arithmetic(function)
    if left.rank == right.rank, left.rank > 0, (left[0] == 1) == (right[0] == 1) {
      return try network.add(operation, for: node, inputs: 0..<2)
    }
    let rank = max(left.rank, right.rank)
    var values: [Int] = []
    for place in 0..<2 {
      values.append(try network.lifted(place, of: node, inputs, rank: rank))
    }
    try network.addLifted(operation, for: node, values)
  }

  /// The scaling of channels that combining with a constant comes to; nil where it is none.
  private static func scaling(
    _ constant: WeightArray, isLeft: Bool, of shape: Shape
  ) throws(GradCAMError) -> (any Operator)? {
    let channels = shape.channels
    guard shape.rank >= 2, constant.shape.rank <= shape.rank,
      constant.shape.count == constant.shape.channels,
      [1, channels].contains(constant.shape.channels)
    else { return nil }
    let values = try constant.floats()
    let numbers = values.count == 1 ? [Float](repeating: values[0], count: channels) : values
    let ones = numbers.map { _ in Float(1) }
    let zeros = numbers.map { _ in Float(0) }
    switch function {
    case .add: return ChannelAffine(factors: ones, offsets: numbers)
    case .subtract:
      return isLeft
        ? ChannelAffine(factors: ones.map { -$0 }, offsets: numbers)
        : ChannelAffine(factors: ones, offsets: numbers.map { -$0 })
    case .multiply: return ChannelAffine(factors: numbers, offsets: zeros)
    case .divide, .minimum, .maximum, .power: return nil
    }
  }
}
