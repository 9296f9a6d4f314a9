import Glibc

@testable import GradCAMPPCore

extension SlowGraph {
  /// Operations on tensors of any axes: products, reductions, choices.
  static let tensors: [String: @Sendable (SlowNode) -> SlowTensor] = [
    "MatMul": { node in multiplied(node[0], node[1]) },
    "Linear": { node in
      let product = multiplied(node[0], node[1])
      guard let biases = node.optional(2) else { return product }
      return SlowTensor(product.extents) { product[$0] + biases.values[$0[$0.count - 1]] }
    },
    "Einsum": { node in
      let sides = (node.text("equation") ?? "").filter { $0 != " " }.split(separator: "-")
      let letters = sides[0].split(separator: ",").map { Array($0) }
      let output = Array(sides[1].dropFirst())
      var extents: [Character: Int] = [:]
      for (place, names) in letters.enumerated() {
        for (name, extent) in zip(names, node[place].extents) { extents[name] = extent }
      }
      let summed = extents.keys.filter { !output.contains($0) }.sorted()
      return SlowTensor(output.map { extents[$0] ?? 1 }) { index in
        everyIndex(summed.map { extents[$0] ?? 1 }).reduce(0.0) { sum, terms in
          let places = Dictionary(
            uniqueKeysWithValues: zip(output + summed, index + terms).map { ($0, $1) })
          return sum
            + letters.enumerated().reduce(1.0) { product, input in
              product * node[input.offset][input.element.map { places[$0] ?? 0 }]
            }
        }
      }
    },
    "ReduceMean": { node in reduced(node) { $0.reduce(0, +) / Double($0.count) } },
    "ReduceSum": { node in reduced(node) { $0.reduce(0, +) } },
    "ReduceMax": { node in reduced(node) { $0.max() ?? 0 } },
    "ReduceMin": { node in reduced(node) { $0.min() ?? 0 } },
    "ReduceProd": { node in reduced(node) { $0.reduce(1, *) } },
    "ReduceL1": { node in reduced(node) { $0.reduce(0) { $0 + abs($1) } } },
    "ReduceL2": { node in reduced(node) { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() } },
    "LogSoftmax": { node in node.softmax.map { log($0) } },
    "Softmax": { node in node.softmax },
    "LayerNormalization": { node in node.normalized(isCentered: true) },
    "RMSNormalization": { node in node.normalized(isCentered: false) },
    "Pow": { node in node[0].combined(node[1]) { pow($0, $1) } },
    "Where": { node in
      let (one, other) = (node[0].map { $0 == 0 ? 0 : 1 }, node[0].map { $0 == 0 ? 1 : 0 })
      return one.combined(node[1], *).combined(other.combined(node[2], *), +)
    },
    "ArgMax": { node in
      let x = node[0]
      let axis = node.integer("axis") ?? 0
      let place = axis < 0 ? axis + x.extents.count : axis
      var extents = x.extents
      extents[place] = 1
      let found = SlowTensor(extents) { index in
        let numbers = (0..<x.extents[place]).map { number in
          var own = index
          own[place] = number
          return x[own]
        }
        return Double(numbers.firstIndex(of: numbers.max() ?? 0) ?? 0)
      }
      if node.integer("keepdims") == 0 { extents.remove(at: place) }
      return SlowTensor(extents, found.values)
    },
    "QuantizeLinear": { node in
      let (scale, zero) = (node[1].values[0], node.optional(2)?.values[0] ?? 0)
      return node[0].map { min(max(($0 / scale).rounded(.toNearestOrEven) + zero, 0), 255) }
    },
    "DequantizeLinear": { node in
      let (scale, zero) = (node[1].values[0], node.optional(2)?.values[0] ?? 0)
      return node[0].map { ($0 - zero) * scale }
    },
    "Expand": { node in
      let ones = SlowTensor(node[1].values.map { Int($0) }) { _ in 1 }
      return node[0].combined(ones, *)
    },
    "Tile": { node in
      let x = node[0]
      return SlowTensor(zip(x.extents, node[1].values).map { $0 * Int($1) }) { index in
        x[zip(index, x.extents).map { $0 % $1 }]
      }
    },
    "Gather": { node in
      let (x, chosen) = (node[0], node[1])
      let axis = node.integer("axis") ?? 0
      let place = axis < 0 ? axis + x.extents.count : axis
      var extents = x.extents
      extents.replaceSubrange(place...place, with: chosen.extents)
      return SlowTensor(extents) { index in
        let own = Int(chosen[Array(index[place..<place + chosen.extents.count])])
        let found = own < 0 ? own + x.extents[place] : own
        let (before, behind) = (index[..<place], index[(place + chosen.extents.count)...])
        return x[Array(before) + [found] + Array(behind)]
      }
    },
    "Slice": { node in
      let x = node[0]
      let (starts, ends) = (node.integers(1, or: "starts"), node.integers(2, or: "ends"))
      let stated = node.integers(3, or: "axes")
      let axes = (stated.isEmpty ? Array(starts.indices) : stated).map {
        $0 < 0 ? $0 + x.extents.count : $0
      }
      let steps = node.integers(4, or: "steps")
      var places = x.extents.map { Array(0..<$0) }
      for (index, axis) in axes.enumerated() {
        let extent = x.extents[axis]
        let step = steps.isEmpty ? 1 : steps[index]
        func bounded(_ place: Int, _ range: ClosedRange<Int>) -> Int {
          let counted = place < 0 ? max(place, -extent - 1) + extent : place
          return min(max(counted, range.lowerBound), range.upperBound)
        }
        let start = bounded(starts[index], step > 0 ? 0...extent : 0...extent - 1)
        let end = bounded(ends[index], step > 0 ? 0...extent : -1...extent - 1)
        places[axis] = Array(stride(from: start, to: end, by: step))
      }
      return SlowTensor(places.map(\.count)) { index in
        x[zip(index, places).map { $1[$0] }]
      }
    },
  ]

  /// Products of the innermost two axes.
  private static func multiplied(_ left: SlowTensor, _ right: SlowTensor) -> SlowTensor {
    let rank = max(left.extents.count, right.extents.count)
    func lifted(_ tensor: SlowTensor) -> SlowTensor {
      let missing = [Int](repeating: 1, count: rank - tensor.extents.count)
      return SlowTensor(missing + tensor.extents, tensor.values)
    }
    let (a, b) = (lifted(left), lifted(right))
    let batch = zip(a.extents, b.extents).prefix(rank - 2).map { max($0, $1) }
    return SlowTensor(batch + [a.extents[rank - 2], b.extents[rank - 1]]) { index in
      let places = index.dropLast(2)
      let one = zip(places, a.extents).map { min($0, $1 - 1) }
      let other = zip(places, b.extents).map { min($0, $1 - 1) }
      return (0..<a.extents[rank - 1]).reduce(0.0) {
        $0 + a[one + [index[rank - 2], $1]] * b[other + [$1, index[rank - 1]]]
      }
    }
  }

  private static func reduced(
    _ node: SlowNode, _ function: ([Double]) -> Double
  ) -> SlowTensor {
    let x = node[0]
    let stated = node.integers(1, or: "axes").map { $0 < 0 ? $0 + x.extents.count : $0 }
    let isNothing = stated.isEmpty && node.integer("noop_with_empty_axes") == 1
    let axes = stated.isEmpty && !isNothing ? Array(x.extents.indices) : stated
    let kept = x.extents.enumerated().map { axes.contains($0.offset) ? 1 : $0.element }
    let found = SlowTensor(kept) { index in
      function(
        everyIndex(axes.map { x.extents[$0] }).map { cell in
          var whole = index
          for (axis, place) in zip(axes, cell) { whole[axis] = place }
          return x[whole]
        })
    }
    guard node.integer("keepdims") == 0 else { return found }
    let left = x.extents.indices.filter { !axes.contains($0) }
    return SlowTensor(left.map { x.extents[$0] }, found.values)
  }
}

extension SlowNode {
  /// `exp(x) / Σ exp(x)`; before version 13 over all axes from the axis on.
  fileprivate var softmax: SlowTensor {
    let x = self[0]
    let rank = x.extents.count
    let axis = integer("axis") ?? (node.version < 13 ? 1 : -1)
    let place = axis < 0 ? axis + rank : axis
    let axes = node.version < 13 ? Array(place..<rank) : [place]
    return SlowTensor(x.extents) { index in
      let sum = everyIndex(axes.map { x.extents[$0] }).reduce(0.0) { sum, cell in
        var along = index
        for (axis, place) in zip(axes, cell) { along[axis] = place }
        return sum + exp(x[along])
      }
      return exp(x[index]) / sum
    }
  }

  fileprivate func normalized(isCentered: Bool) -> SlowTensor {
    let (x, factors, offsets) = (self[0], self[1], optional(2))
    let rank = x.extents.count
    let axis = integer("axis") ?? -1
    let first = axis < 0 ? axis + rank : axis
    let epsilon = number("epsilon") ?? 1e-5
    let cells = everyIndex(Array(x.extents[first...]))
    return SlowTensor(x.extents) { index in
      let line = cells.map { x[Array(index[..<first]) + $0] }
      let mean = isCentered ? line.reduce(0, +) / Double(line.count) : 0
      let variance = line.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(line.count)
      let own = Array(index[first...])
      let normal = (x[index] - mean) / (variance + epsilon).squareRoot()
      return normal * factors[own] + (offsets?[own] ?? 0)
    }
  }
}
