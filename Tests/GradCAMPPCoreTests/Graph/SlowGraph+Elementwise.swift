import Glibc

extension SlowGraph {
  /// Operations that see one element at a time.
  static let elementwise: [String: @Sendable (SlowNode) -> SlowTensor] = [
    "Add": { node in node[0].adding(node[1]) },
    "Sum": { node in node.inputs.compactMap { $0 }.dropFirst().reduce(node[0]) { $0.adding($1) } },
    "Cast": { node in node[0] },
    "Relu": { node in node[0].map { max($0, 0) } },
    "Sigmoid": { node in node[0].map { 1 / (1 + exp(-$0)) } },
    "Identity": { node in node[0] },
    "Dropout": { node in node[0] },
  ]
}

extension SlowTensor {
  /// The sum with a tensor of the same extents.
  fileprivate func adding(_ other: SlowTensor) -> SlowTensor {
    precondition(extents == other.extents, "extents differ")
    return SlowTensor(extents) { self[$0] + other[$0] }
  }
}
