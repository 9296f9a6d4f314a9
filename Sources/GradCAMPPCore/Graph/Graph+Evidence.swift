import GradCAMPPKernels

extension Graph {
  /// The input and all that follows from it.
  var evidence: Set<String> {
    var evidence = Set(inputs.map(\.name))
    for node in nodes where !evidence.isDisjoint(with: node.inputs) {
      evidence.formUnion(node.outputs.filter { !$0.isEmpty })
    }
    return evidence
  }

  /// The last of `values`, of nodes before place `limit`, without which no path leads from the input
  /// to the output.
  ///
  /// Going back from the output, `open` are the values that what was passed reads; where that is
  /// one, all evidence passes through it.
  func bottleneck(among values: Set<String>, before limit: Int = .max) -> String? {
    let evidence = evidence
    var open = Set(outputs)
    for (place, node) in nodes.enumerated().reversed() {
      if open.count == 1, place < limit, let value = open.first, values.contains(value) {
        return value
      }
      guard !open.isDisjoint(with: node.outputs) else { continue }
      open.subtract(node.outputs)
      open.formUnion(node.inputs.filter { evidence.contains($0) })
    }
    return nil
  }
}
