import GradCAMPPKernels

/// Pad: cells around a tensor, or with `constant` also fewer cells than it has; what is told of them
/// are attributes before version 11 and inputs from then on.
///
/// A pass merges zeros into the windows behind them.
enum PadNode: NodeKind {
  static let operation = "Pad"
  static let attributes: Set<String> = ["mode", "pads", "value"]
  static let axisUse = AxisUse.named

  /// The most cells of an axis that an operator pads.
  private static let longestAxis = 1 << 20

  /// Cells before and behind each axis.
  struct Cells {
    let before: [Int]
    let behind: [Int]
  }

  /// What is added, or taken away where it is less than none.
  static func cells(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> Cells {
    let rank = try inputs.shape(0, of: node).rank
    let stated = try node.integers("pads")
    var pads = try inputs.integers(1, of: node) ?? stated ?? []
    if let axes = try inputs.integers(3, of: node) {
      let places = axes.map { $0 < 0 ? $0 + rank : $0 }
      guard pads.count == 2 * axes.count, places.allSatisfy((0..<rank).contains) else {
        throw node.error("has pads \(pads) for axes \(axes) of \(rank)")
      }
      var all = [Int](repeating: 0, count: 2 * rank)
      for (index, place) in places.enumerated() {
        all[place] = pads[index]
        all[rank + place] = pads[axes.count + index]
      }
      pads = all
    }
    let least = try rule(node) == .constant ? -1 << 24 : 0
    guard pads.count == 2 * rank, pads.allSatisfy({ (least...1 << 24).contains($0) }) else {
      throw node.error("has pads \(pads); expected \(2 * rank) numbers from \(least) to 2^24")
    }
    return Cells(before: Array(pads.prefix(rank)), behind: Array(pads.suffix(rank)))
  }

  /// What lies around the tensor.
  static func rule(_ node: GraphNode) throws(GradCAMError) -> PaddingRule {
    let mode = try node.text("mode", default: "constant")
    guard let rule = PaddingRule(rawValue: mode) else {
      let known = PaddingRule.allCases.map(\.rawValue).joined(separator: ", ")
      throw node.wrong("mode", .text(mode), "one of \(known)")
    }
    return rule
  }

  /// What a constant padding is filled with.
  static func fill(_ node: GraphNode, _ inputs: NodeInputs) throws(GradCAMError) -> Double {
    guard node.input(2) != nil else { return try node.number("value", default: 0) }
    let constant = try inputs.constant(2, of: node)
    let values = try constant.floats()
    guard values.count == 1 else { throw node.error("has \(values.count) values to fill in") }
    return Double(values[0])
  }

  static func outputShapes(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [Shape] {
    let shape = try inputs.shape(0, of: node)
    let cells = try cells(node, inputs)
    _ = try fill(node, inputs)
    let extents = shape.extents.indices.map {
      shape[$0] + cells.before[$0] + cells.behind[$0]
    }
    // Pads of both signs must leave something between them.
    guard extents.indices.allSatisfy({ extents[$0] >= 1 && shape[$0] + cells.before[$0] >= 0 })
    else {
      throw node.error("leaves extents \(extents) of a tensor of shape \(shape)")
    }
    return [try node.shape(extents)]
  }

  static func renamed(
    _ node: GraphNode, _ order: AxisOrder, _ inputs: NodeInputs
  ) throws(GradCAMError) -> (node: GraphNode, outputs: AxisOrder) {
    let cells = try cells(node, inputs)
    var node = node
    node.attributes["value"] = .number(try fill(node, inputs))
    node.attributes["pads"] = .integers(
      order.axes.map { cells.before[$0] } + order.axes.map { cells.behind[$0] })
    node.inputs = [node.inputs[0]]
    return (node, order)
  }

  static func lower(
    _ node: GraphNode, _ inputs: NodeInputs, to network: inout GraphLowering
  ) throws(GradCAMError) {
    let shape = try inputs.shape(0, of: node)
    let cells = try cells(node, inputs)
    let rule = try rule(node)
    let padded = shape.extents.indices.filter { cells.before[$0] != 0 || cells.behind[$0] != 0 }
    guard !padded.isEmpty else { return try network.pass(node) }
    guard padded[0] >= 1 else { throw node.error("pads axis 0, the batch, which is one picture") }
    let output = try outputShapes(node, inputs)[0]
    guard padded.allSatisfy({ max(shape[$0], output[$0]) <= longestAxis }) else {
      throw node.error("pads a tensor of shape \(shape) to \(output); expected at most 2^20 cells")
    }
    let fill = try fill(node, inputs)
    let maps = padded.map { axis in
      let map = AxisMap.padding(
        shape[axis], before: cells.before[axis], behind: cells.behind[axis], rule)
      return (axis: axis, map: map)
    }
    try network.add(AxisResampling("padding", maps, fill: Float(fill)), for: node)
  }
}
