import GradCAMPPKernels

/// Takes out nodes that do nothing when a network is used: Identity, Dropout, Cast to float, Pad by
/// nothing.
enum DropIdentities: GraphPass {
  static let name = "drop identities"
  static let summary =
    "Identity, Dropout, Cast and Pad by nothing go; what read them reads what they read"

  static func apply(to graph: inout Graph) throws(GradCAMError) {
    let operations: Set<String> = [
      IdentityNode.operation, DropoutNode.operation, CastNode.operation,
    ]
    let consumers = graph.consumers
    let shapes = try graph.shapes()
    var replacements: [String: String] = [:]
    var dropped: Set<String> = []
    for node in graph.nodes {
      let isDropped = operations.contains(node.operation) || isEmptyPad(node, shapes)
      guard isDropped else { continue }
      dropped.formUnion(node.outputs)
      // A mask of what was dropped is a value of its own.
      let others = node.outputs.dropFirst()
      guard others.allSatisfy({ consumers[$0] == nil }), let input = node.input(0) else {
        throw graph.error(node.error("has a mask that is read, which is not served").message)
      }
      replacements[node.outputs[0]] = replacements[input] ?? input
    }
    graph.replace(replacements)
    graph.nodes.removeAll { $0.outputs.contains(where: dropped.contains) }
  }

  /// Whether a node adds no cells.
  private static func isEmptyPad(_ node: GraphNode, _ shapes: [String: Shape]) -> Bool {
    guard node.operation == PadNode.operation, let input = node.input(0) else { return false }
    return shapes[input] == shapes[node.outputs[0]]
  }
}
