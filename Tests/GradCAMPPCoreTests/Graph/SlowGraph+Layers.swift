import Glibc

extension SlowGraph {
  /// Operations with weights, and those over a whole axis.
  static let layers: [String: @Sendable (SlowNode) -> SlowTensor] = [
    "BatchNormalization": { node in
      let x = node.channelsFirst
      let (gamma, beta, mean, variance) = (node[1], node[2], node[3], node[4])
      let epsilon = node.number("epsilon") ?? 1e-5
      return node.inLayout(
        SlowTensor(x.extents) { index in
          let channel = [index[1]]
          return gamma[channel] * (x[index] - mean[channel])
            / (variance[channel] + epsilon).squareRoot() + beta[channel]
        })
    },
    "Gemm": { node in
      let x = node.integer("transA") == 1 ? node[0].transposed([1, 0]) : node[0]
      let weights = node.integer("transB") == 1 ? node[1].transposed([1, 0]) : node[1]
      let (alpha, beta) = (node.number("alpha") ?? 1, node.number("beta") ?? 1)
      let product = SlowTensor([x.extents[0], weights.extents[1]]) { index in
        (0..<weights.extents[0]).reduce(0.0) {
          $0 + alpha * x[[index[0], $1]] * weights[[$1, index[1]]]
        }
      }
      guard let biases = node.optional(2) else { return product }
      return product.combined(biases.map { beta * $0 }, +)
    },
  ]
}
