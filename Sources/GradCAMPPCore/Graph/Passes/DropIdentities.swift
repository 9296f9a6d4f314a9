import GradCAMPPKernels

/// Takes out nodes that do nothing when a network is used: Identity, Dropout, Cast to float.
enum DropIdentities: GraphPass {
  static let name = "drop identities"
  static let summary = "Identity, Dropout and Cast go; what read them reads what they read"

  static func apply(to graph: inout Graph) throws(GradCAMError) {
    let operations: Set<String> = [
      IdentityNode.operation, DropoutNode.operation, CastNode.operation,
    ]
    let consumers = graph.consumers
    var replacements: [String: String] = [:]
    for node in graph.nodes where operations.contains(node.operation) {
      // A mask of what was dropped is a value of its own.
      let others = node.outputs.dropFirst()
      guard others.allSatisfy({ consumers[$0] == nil }), let input = node.input(0) else {
        throw graph.error(node.error("has a mask that is read, which is not served").message)
      }
      replacements[node.outputs[0]] = replacements[input] ?? input
    }
    graph.replace(replacements)
    graph.nodes.removeAll { operations.contains($0.operation) }
  }
}
