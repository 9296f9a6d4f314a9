import GradCAMPPKernels

/// Computes what follows from constants and extents alone: shapes, which exporters compute node by
/// node, and weights that are standardised or transposed.
///
/// Extents are those of one picture, and each picture of a batch is computed as if it were alone:
/// operators keep the batch apart as their tensors' first axis, or refuse to be made.
enum FoldConstants: GraphPass {
  static let name = "fold constants"
  static let summary = "nodes whose results are known become constants"

  /// Numbers that may be computed in total, however few the file holds: 256 MB of them.
  private static let freeNumbers = 1 << 26

  /// How often each number of the file may be computed with beyond that.
  private static let timesEach = 16

  static func apply(to graph: inout Graph) throws(GradCAMError) {
    var shapes = try graph.inputShapes()
    var kept: [GraphNode] = []
    var left = freeNumbers
    for constant in graph.constants.values {
      left = left.addingReportingOverflow(timesEach * min(constant.shape.count, 1 << 40)).0
    }
    for node in graph.nodes {
      guard let folded = try folded(node, graph, shapes) else {
        try graph.checkAttributes(of: node, known: graph.kind(of: node).attributes)
        for (name, shape) in zip(node.outputs, try graph.outputShapes(node, shapes)) {
          shapes[name] = shape
        }
        kept.append(node)
        continue
      }
      for (name, constant) in zip(node.outputs, folded) where !name.isEmpty {
        graph.constants[name] = constant
        shapes[name] = constant.shape
        left -= constant.shape.count
      }
      guard left >= 0 else {
        throw graph.error(
          node.error("is one of too many that compute large tensors out of constants").message)
      }
    }
    graph.nodes = kept
  }

  /// The outputs of a node, if they are known.
  private static func folded(
    _ node: GraphNode, _ graph: Graph, _ shapes: [String: Shape]
  ) throws(GradCAMError) -> [GraphConstant]? {
    let inputs = graph.inputs(of: node, shapes)
    return try graph.named { () throws(GradCAMError) in
      if let results = try ConstantEvaluations.results(of: node, inputs) {
        var constants: [GraphConstant] = []
        for result in results { constants.append(try result.constant()) }
        return constants
      }
      return try NodeKinds.named(node.operation)?.folded(node, inputs)
    }
  }
}
