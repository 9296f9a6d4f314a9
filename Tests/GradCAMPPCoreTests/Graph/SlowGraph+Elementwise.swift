import Glibc

extension SlowGraph {
  /// Operations that see one element at a time.
  static let elementwise: [String: @Sendable (SlowNode) -> SlowTensor] = [
    "Abs": { node in node[0].map { abs($0) } },
    "Celu": { node in
      let alpha = node.number("alpha") ?? 1
      return node[0].map { max($0, 0) + min(alpha * expm1($0 / alpha), 0) }
    },
    "Clip": { node in
      let lower = node.optional(1)?.values[0] ?? node.number("min") ?? -.infinity
      let upper = node.optional(2)?.values[0] ?? node.number("max") ?? .infinity
      return node[0].map { min(max($0, lower), upper) }
    },
    "Elu": { node in
      let alpha = node.number("alpha") ?? 1
      return node[0].map { $0 < 0 ? alpha * expm1($0) : $0 }
    },
    "Erf": { node in node[0].map { erf($0) } },
    "Exp": { node in node[0].map { exp($0) } },
    "Gelu": { node in
      node[0].map { x in
        node.text("approximate") == "tanh"
          ? x / 2 * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
          : x / 2 * (1 + erf(x / 2.0.squareRoot()))
      }
    },
    "HardSigmoid": { node in
      let (alpha, beta) = (node.number("alpha") ?? 0.2, node.number("beta") ?? 0.5)
      return node[0].map { min(max(alpha * $0 + beta, 0), 1) }
    },
    "HardSwish": { node in node[0].map { $0 * min(max($0 + 3, 0), 6) / 6 } },
    "LeakyRelu": { node in
      let alpha = node.number("alpha") ?? 0.01
      return node[0].map { $0 < 0 ? alpha * $0 : $0 }
    },
    "Log": { node in node[0].map { log($0) } },
    "Mish": { node in node[0].map { $0 * tanh(log1p(exp($0))) } },
    "Neg": { node in node[0].map { -$0 } },
    "PRelu": { node in
      let (x, slope) = (node[0], node[1])
      return SlowTensor(x.extents) { index in
        // Spread over the last axes.
        let own = zip(index.suffix(slope.extents.count), slope.extents).map { min($0, $1 - 1) }
        return x[index] < 0 ? x[index] * slope[own] : x[index]
      }
    },
    "Reciprocal": { node in node[0].map { 1 / $0 } },
    "Selu": { node in
      let (alpha, gamma) = (node.number("alpha") ?? 1.6732632, node.number("gamma") ?? 1.0507010)
      return node[0].map { gamma * ($0 < 0 ? alpha * expm1($0) : $0) }
    },
    "Softplus": { node in node[0].map { log1p(exp($0)) } },
    "Sqrt": { node in node[0].map { $0.squareRoot() } },
    "Swish": { node in
      let alpha = node.number("alpha") ?? 1
      return node[0].map { $0 / (1 + exp(-alpha * $0)) }
    },
    "Tanh": { node in node[0].map { tanh($0) } },
    "Add": { node in node[0].combined(node[1], +) },
    "Sub": { node in node[0].combined(node[1], -) },
    "Mul": { node in node[0].combined(node[1], *) },
    "Div": { node in node[0].combined(node[1], /) },
    "Min": { node in node[0].combined(node[1]) { min($0, $1) } },
    "Max": { node in node[0].combined(node[1]) { max($0, $1) } },
    "Sum": { node in
      node.inputs.compactMap { $0 }.dropFirst().reduce(node[0]) { $0.combined($1, +) }
    },
    "Cast": { node in node[0] },
    "Relu": { node in node[0].map { max($0, 0) } },
    "Sigmoid": { node in node[0].map { 1 / (1 + exp(-$0)) } },
    "Identity": { node in node[0] },
    "Dropout": { node in node[0] },
  ]
}

extension SlowTensor {
  /// Element by element; an axis of extent 1, or that is missing, is spread over the other's.
  func combined(
    _ other: SlowTensor, _ function: (Double, Double) -> Double
  ) -> SlowTensor {
    let rank = max(extents.count, other.extents.count)
    func lifted(_ tensor: SlowTensor) -> SlowTensor {
      let missing = [Int](repeating: 1, count: rank - tensor.extents.count)
      return SlowTensor(missing + tensor.extents, tensor.values)
    }
    let (left, right) = (lifted(self), lifted(other))
    return SlowTensor(zip(left.extents, right.extents).map { max($0, $1) }) { index in
      function(
        left[zip(index, left.extents).map { min($0, $1 - 1) }],
        right[zip(index, right.extents).map { min($0, $1 - 1) }])
    }
  }
}
