import GradCAMPPKernels

/// Pad: cells around a tensor.
///
/// No operator computes it: a pass merges it into the windows behind it.
enum PadNode: NodeKind {
  static let operation = "Pad"
  static let attributes: Set<String> = ["mode", "pads", "value"]
  static let axisUse = AxisUse.named

  /// Cells before and behind each axis.
  struct Cells {
    let before: [Int]
    let behind: [Int]
  }

  /// What is added; throws `badData` for what takes away.
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
    guard pads.count == 2 * rank, pads.allSatisfy({ (0...1 << 24).contains($0) }) else {
      throw node.error("has pads \(pads); expected \(2 * rank) numbers from 0 to 2^24")
    }
    return Cells(before: Array(pads.prefix(rank)), behind: Array(pads.suffix(rank)))
  }

  /// What is filled in.
  static func fill(_ node: GraphNode, _ inputs: NodeInputs) throws(GradCAMError) -> Double {
    let mode = try node.text("mode", default: "constant")
    guard mode == "constant" else { throw node.wrong("mode", .text(mode), "constant") }
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
    return [
      try node.shape(
        shape.extents.indices.map { shape[$0] + cells.before[$0] + cells.behind[$0] })
    ]
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
}
