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
      let x = node[0]
      let weights = node.integer("transB") == 1 ? node[1].transposed([1, 0]) : node[1]
      let biases = node.optional(2)
      return SlowTensor([x.extents[0], weights.extents[1]]) { index in
        (0..<weights.extents[0]).reduce(biases?.values[index[1]] ?? 0) {
          $0 + x[[index[0], $1]] * weights[[$1, index[1]]]
        }
      }
    },
    "Softmax": { node in
      let x = node[0]
      let axis = node.integer("axis") ?? -1
      let place = axis < 0 ? axis + x.extents.count : axis
      return SlowTensor(x.extents) { index in
        var along = index
        let sum = (0..<x.extents[place]).reduce(0.0) {
          along[place] = $1
          return $0 + exp(x[along])
        }
        return exp(x[index]) / sum
      }
    },
  ]
}
