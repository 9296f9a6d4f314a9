import GradCAMPPKernels

/// Slice: some places of some axes, at equal distances, forwards or backwards.
///
/// Starts, ends and axes are attributes before version 10 and inputs from then on; beyond either end
/// of an axis they mean the end.
enum SliceNode: NodeKind {
  static let operation = "Slice"
  static let attributes: Set<String> = ["axes", "ends", "starts", "steps"]
  static let axisUse = AxisUse.named

  /// The places of each axis.
  private static func places(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [Slicing.Places] {
    let shape = try inputs.shape(0, of: node)
    func numbers(_ place: Int, _ attribute: String) throws(GradCAMError) -> [Int]? {
      let stated = try node.integers(attribute)
      return try inputs.integers(place, of: node) ?? stated
    }
    guard let starts = try numbers(1, "starts"), let ends = try numbers(2, "ends") else {
      throw node.error("does not say where it starts and ends")
    }
    let axes = try numbers(3, "axes") ?? Array(starts.indices)
    let steps = try numbers(4, "steps") ?? starts.map { _ in 1 }
    guard starts.count == ends.count, starts.count == axes.count, starts.count == steps.count,
      axes.allSatisfy((-shape.rank..<shape.rank).contains),
      Set(axes.map { $0 < 0 ? $0 + shape.rank : $0 }).count == axes.count,
      steps.allSatisfy({ $0 != 0 && $0 != .min })
    else {
      throw node.error(
        "has starts \(starts), ends \(ends), axes \(axes) and steps \(steps) for a tensor of shape "
          + "\(shape); expected as many of each, different axes and steps that are not 0")
    }
    var places = shape.extents.map { Slicing.Places(start: 0, count: $0) }
    for index in axes.indices {
      let axis = axes[index] < 0 ? axes[index] + shape.rank : axes[index]
      places[axis] = self.places(
        shape[axis], start: starts[index], end: ends[index], step: steps[index])
    }
    guard places.allSatisfy({ $0.count >= 1 }) else {
      throw node.error(
        "takes no place of a tensor of shape \(shape) (starts \(starts), ends \(ends)); expected one "
          + "or more")
    }
    return places
  }

  /// Places from `start` on, before `end`.
  private static func places(
    _ extent: Int, start: Int, end: Int, step: Int
  ) -> Slicing.Places {
    func counted(_ place: Int) -> Int { place < 0 ? max(place, -extent - 1) + extent : place }
    // A longer step takes no other places.
    let stride = min(step.magnitude, UInt(max(extent, 1)))
    let step = step > 0 ? Int(stride) : -Int(stride)
    let first = step > 0 ? max(counted(start), 0) : min(counted(start), extent - 1)
    let last = step > 0 ? min(counted(end), extent) : max(counted(end), -1)
    let room = step > 0 ? max(last - first, 0) : max(first - last, 0)
    return Slicing.Places(start: first, count: (room + Int(stride) - 1) / Int(stride), step: step)
  }

  static func outputShapes(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [Shape] {
    [Shape(try places(node, inputs).map(\.count))]
  }

  static func renamed(
    _ node: GraphNode, _ order: AxisOrder, _ inputs: NodeInputs
  ) throws(GradCAMError) -> (node: GraphNode, outputs: AxisOrder) {
    let places = try places(node, inputs)
    let lying = order.axes.map { places[$0] }
    var renamed = node
    renamed.inputs = [node.inputs[0]]
    renamed.attributes = [
      "axes": .integers(Array(lying.indices)), "starts": .integers(lying.map(\.start)),
      "steps": .integers(lying.map(\.step)),
      // Backwards past the first place there is no number for the end but one below all.
      "ends": .integers(
        lying.map { places in
          let end = places.start + places.count * places.step
          return end < 0 ? -(1 << 40) : end
        }),
    ]
    return (renamed, order)
  }

  static func lower(
    _ node: GraphNode, _ inputs: NodeInputs, to network: inout GraphLowering
  ) throws(GradCAMError) {
    let shape = try inputs.shape(0, of: node)
    let places = try places(node, inputs)
    let isWhole = zip(places, shape.extents).allSatisfy { $0.count == $1 && $0.step == 1 }
    guard !isWhole else { return try network.pass(node) }
    // One place of one is the place, in whichever direction.
    try network.add(for: node, inputs, movesFirst: false) { shift in
      Slicing(shift == 0 ? Array(places.dropFirst()) : places)
    }
  }
}
