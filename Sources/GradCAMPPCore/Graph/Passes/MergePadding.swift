import GradCAMPPKernels

/// Merges a Pad into the windows that read it, where what it fills in is what windows read there.
///
/// A convolution reads 0 in its padding. Max pooling reads nothing there, which is minus infinity,
/// or 0 behind a Relu, whose smallest value that is. A mean counts the zeros.
enum MergePadding: GraphPass {
  static let name = "merge padding"
  static let summary = "a Pad becomes padding of the windows that read it"

  static func apply(to graph: inout Graph) throws(GradCAMError) {
    let shapes = try graph.shapes()
    let consumers = graph.consumers
    for node in graph.nodes where node.operation == PadNode.operation {
      guard let readers = consumers[node.outputs[0]], !graph.named.contains(node.outputs[0])
      else { continue }
      let inputs = graph.inputs(of: node, shapes)
      let (rule, cells, fill) = try graph.named { () throws(GradCAMError) in
        (try PadNode.rule(node), try PadNode.cells(node, inputs), try PadNode.fill(node, inputs))
      }
      guard rule == .constant, (cells.before + cells.behind).allSatisfy({ $0 >= 0 }) else {
        continue
      }
      let isRectified =
        graph.producers[node.inputs[0]].map { graph.nodes[$0].operation == ReluNode.operation }
        ?? false
      var merged: [(place: Int, node: GraphNode)] = []
      for place in readers {
        guard
          let reader = try windows(
            graph.nodes[place], behind: node, cells, fill: fill, isRectified: isRectified)
        else { break }
        merged.append((place, reader))
      }
      guard merged.count == readers.count else { continue }
      for (place, reader) in merged { graph.nodes[place] = reader }
    }
    try DropDeadNodes.apply(to: &graph)
  }

  /// The node with the cells added to its padding; nil where it cannot have them.
  private static func windows(
    _ reader: GraphNode, behind node: GraphNode, _ cells: PadNode.Cells, fill: Double,
    isRectified: Bool
  ) throws(GradCAMError) -> GraphNode? {
    let lowest = -Double(Float.greatestFiniteMagnitude)
    let isPooling = reader.operation == MaxPoolNode.operation
    let isAverage = reader.operation == AveragePoolNode.operation
    guard reader.operation == ConvNode.operation || isPooling || isAverage,
      reader.inputs.filter({ $0 == node.outputs[0] }).count == 1,
      fill == 0 ? !isPooling || isRectified : isPooling && fill <= lowest,
      ["NOTSET", "VALID", ""].contains(try reader.text("auto_pad", default: "NOTSET")),
      try !reader.flag("ceil_mode", default: false)
    else { return nil }
    let rank = cells.before.count
    let axes = reader.layout == .channelsFirst ? Array(2..<rank) : Array(1..<rank - 1)
    let others = (0..<rank).filter { !axes.contains($0) }
    guard others.allSatisfy({ cells.before[$0] == 0 && cells.behind[$0] == 0 }) else { return nil }
    let isValid = try reader.text("auto_pad", default: "NOTSET") == "VALID"
    let own = try isValid ? nil : reader.integers("pads")
    let pads = axes.map { cells.before[$0] } + axes.map { cells.behind[$0] }
    guard own == nil || own?.count == pads.count else { return nil }
    // Padding of its own around the merged cells: a pool would have skipped it.
    guard !(isPooling || isAverage) || own?.allSatisfy({ $0 == 0 }) ?? true else { return nil }
    var result = reader
    // The merged zeros were cells like any other.
    if isAverage { result.attributes["count_include_pad"] = .integer(1) }
    result.attributes["auto_pad"] = nil
    result.attributes["pads"] = .integers(own.map { zip($0, pads).map(+) } ?? pads)
    result.inputs[0] = node.inputs[0]
    return result
  }
}
