import Glibc

extension SlowGraph {
  /// Operations that see one element at a time.
  static let elementwise: [String: @Sendable (SlowNode) -> SlowTensor] = [
    "Relu": { node in node[0].map { max($0, 0) } },
    "Sigmoid": { node in node[0].map { 1 / (1 + exp(-$0)) } },
    "Identity": { node in node[0] },
    "Dropout": { node in node[0] },
  ]
}
