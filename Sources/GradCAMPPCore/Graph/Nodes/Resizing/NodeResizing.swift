import GradCAMPPKernels

/// What a Resize or Upsample node makes of each axis of its tensor, resolved from scales, sizes and
/// regions.
struct NodeResizing {
  /// One axis.
  struct Axis {
    let input: Int
    var output: Int
    /// What coordinates are divided by, about `output / input`.
    var scale: Double
    /// The fractions of the axis between which the result lies, where the node asks for a region.
    var crop: (start: Double, end: Double)

    /// Whether the axis stays as it is.
    var isSame: Bool { input == output && scale == 1 && crop == (0, 1) }
  }

  /// All axes, as the node counts them.
  let axes: [Axis]

  /// The most cells of an axis that is resized.
  private static let longestAxis = 1 << 20

  /// The axes of a node.
  ///
  /// Throws `badData` naming the node when it does not say how large they become.
  init(_ node: GraphNode, _ inputs: NodeInputs) throws(GradCAMError) {
    let shape = try inputs.shape(0, of: node)
    let isOld = Self.isOld(node)
    let scales = try Self.numbers(isOld ? 1 : 2, "scales", node, inputs)
    let stated = try node.integers("sizes")
    let sizes = try (isOld ? nil : inputs.integers(3, of: node)) ?? stated ?? []
    let named = try Self.axes(node, rank: shape.rank)
    // Both are there only once they are resolved.
    guard scales.isEmpty || scales.count == named.count,
      sizes.isEmpty || sizes.count == named.count,
      !(scales.isEmpty && sizes.isEmpty)
    else {
      throw node.error(
        "has \(scales.count) scales and \(sizes.count) sizes for \(named.count) axes; expected one "
          + "for each axis")
    }
    guard scales.allSatisfy({ $0 > 0 && $0 <= Double(Self.longestAxis) }),
      sizes.allSatisfy({ (1...Self.longestAxis).contains($0) })
    else {
      throw node.error("has scales \(scales) and sizes \(sizes); expected 1 to 2^20 cells")
    }
    var axes = shape.extents.map { Axis(input: $0, output: $0, scale: 1, crop: (0, 1)) }
    let common = try Self.commonScale(node, named.map { shape[$0] }, sizes)
    let regions = try Self.regions(node, inputs, count: named.count)
    for (place, axis) in named.enumerated() {
      let input = shape[axis]
      guard (1...Self.longestAxis).contains(input) else {
        throw node.error("takes a tensor of shape \(shape); expected 1 to 2^20 cells")
      }
      if sizes.isEmpty {
        // In float32, as runtimes do: 10 x 0.7 is 7.
        let output = (Float(scales[place]) * Float(input)).rounded(.down)
        axes[axis].output = output <= Float(Self.longestAxis) ? Int(output) : .max
        axes[axis].scale = scales[place]
      } else {
        axes[axis].output = common.map { Int($0 * Double(input) + 0.5) } ?? sizes[place]
        axes[axis].scale =
          common ?? (scales.isEmpty ? Double(sizes[place]) / Double(input) : scales[place])
      }
      guard (1...Self.longestAxis).contains(axes[axis].output) else {
        throw node.error("takes \(input) cells to \(axes[axis].output); expected 1 to 2^20")
      }
      axes[axis].crop = regions[place]
    }
    self.axes = axes
  }

  /// Whether the node is from before there was a choice of coordinates and roundings.
  static func isOld(_ node: GraphNode) -> Bool {
    node.operation == UpsampleNode.operation || node.version < 11
  }

  /// The axes that scales and sizes are for, in their order.
  private static func axes(_ node: GraphNode, rank: Int) throws(GradCAMError) -> [Int] {
    guard let stated = try node.integers("axes") else { return Array(0..<rank) }
    let axes = stated.map { $0 < 0 ? $0 + rank : $0 }
    guard axes.allSatisfy((0..<rank).contains), Set(axes).count == axes.count else {
      throw node.wrong("axes", .integers(stated), "each of \(rank) axes once at most")
    }
    return axes
  }

  /// Numbers of an input, or of the attribute that has its name.
  private static func numbers(
    _ place: Int, _ attribute: String, _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [Double] {
    if node.input(place) != nil {
      return try inputs.constant(place, of: node).floats().map(Double.init)
    }
    switch node.attributes[attribute] {
    case nil: return []
    case .numbers(let numbers): return numbers
    case .some(let found): throw node.wrong(attribute, found, "numbers")
    }
  }

  /// The scale that all axes have where the sizes' proportions are not to be changed; nil for one of
  /// each axis.
  private static func commonScale(
    _ node: GraphNode, _ extents: [Int], _ sizes: [Int]
  ) throws(GradCAMError) -> Double? {
    let policy = try node.text("keep_aspect_ratio_policy", default: "stretch")
    let ratios = zip(sizes, extents).map { Double($0) / Double(max($1, 1)) }
    switch policy {
    case "stretch": return nil
    case "not_larger": return ratios.min()
    case "not_smaller": return ratios.max()
    default:
      throw node.wrong(
        "keep_aspect_ratio_policy", .text(policy), "stretch, not_larger or not_smaller")
    }
  }

  /// The fractions of each axis between which the result lies: the whole axis, unless the node's
  /// coordinates ask for a region.
  private static func regions(
    _ node: GraphNode, _ inputs: NodeInputs, count: Int
  ) throws(GradCAMError) -> [(start: Double, end: Double)] {
    guard try ResizeNode.coordinates(node) == .tensorflowCrop else {
      return [(start: Double, end: Double)](repeating: (0, 1), count: count)
    }
    let ends = try Self.numbers(1, "roi", node, inputs)
    guard ends.count == 2 * count, ends.allSatisfy({ abs($0) <= 1_048_576 }) else {
      throw node.error("has a region \(ends); expected \(2 * count) fractions of axes")
    }
    return (0..<count).map { (start: ends[$0], end: ends[count + $0]) }
  }

  /// The node for a tensor whose axes lie in `order`; what is known of them are its attributes.
  func renamed(_ node: GraphNode, _ order: AxisOrder) -> GraphNode {
    var renamed = node
    renamed.inputs = [node.inputs[0]]
    let axes = order.axes.map { self.axes[$0] }
    for attribute in ["axes", "keep_aspect_ratio_policy"] { renamed.attributes[attribute] = nil }
    renamed.attributes["scales"] = .numbers(axes.map(\.scale))
    renamed.attributes["sizes"] = .integers(axes.map(\.output))
    renamed.attributes["roi"] = .numbers(axes.map(\.crop.start) + axes.map(\.crop.end))
    return renamed
  }

  /// Adds the operator, whose axes are interpolated each by `way`.
  func lower(
    _ node: GraphNode, fill: Float, to network: inout GraphLowering,
    way: (Axis) throws(GradCAMError) -> Interpolation
  ) throws(GradCAMError) {
    guard axes.first?.isSame ?? false else {
      throw node.error("resizes axis 0, the batch, which is one picture")
    }
    var maps: [(axis: Int, map: AxisMap)] = []
    for (place, axis) in axes.enumerated() where !axis.isSame {
      let map = AxisMap.interpolation(
        axis.input, to: axis.output, scale: axis.scale, crop: axis.crop, try way(axis))
      maps.append((axis: place, map: map))
    }
    guard !maps.isEmpty else { return try network.pass(node) }
    try network.add(AxisResampling("resizing", maps, fill: fill), for: node)
  }
}
