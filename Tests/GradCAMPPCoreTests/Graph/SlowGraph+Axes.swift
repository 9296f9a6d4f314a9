extension SlowGraph {
  /// Operations that move elements.
  static let axes: [String: @Sendable (SlowNode) -> SlowTensor] = [
    "Flatten": { node in
      let x = node[0]
      let axis = node.integer("axis") ?? 1
      let place = axis < 0 ? axis + x.extents.count : axis
      return SlowTensor(
        [x.extents[..<place].reduce(1, *), x.extents[place...].reduce(1, *)], x.values)
    },
    "Reshape": { node in
      let x = node[0]
      var extents = node.integers(1, or: "shape")
      for axis in extents.indices where extents[axis] == 0 { extents[axis] = x.extents[axis] }
      if let open = extents.firstIndex(of: -1) {
        extents[open] = x.values.count / extents.filter { $0 > 0 }.reduce(1, *)
      }
      return SlowTensor(extents, x.values)
    },
    "Concat": { node in
      let tensors = node.inputs.compactMap { $0 }
      let axis = node.axis
      var extents = node[0].extents
      extents[axis] = tensors.reduce(0) { $0 + $1.extents[axis] }
      return SlowTensor(extents) { index in
        var (place, own) = (0, index)
        while own[axis] >= tensors[place].extents[axis] {
          own[axis] -= tensors[place].extents[axis]
          place += 1
        }
        return tensors[place][own]
      }
    },
    "Squeeze": { node in
      let x = node[0]
      let stated = node.integers(1, or: "axes").map { $0 < 0 ? $0 + x.extents.count : $0 }
      let axes = stated.isEmpty ? x.extents.indices.filter { x.extents[$0] == 1 } : stated
      let left = x.extents.indices.filter { !axes.contains($0) }
      return SlowTensor(left.map { x.extents[$0] }, x.values)
    },
    "Unsqueeze": { node in
      let x = node[0]
      let axes = node.integers(1, or: "axes")
      let rank = x.extents.count + axes.count
      var extents = x.extents
      for axis in axes.map({ $0 < 0 ? $0 + rank : $0 }).sorted() { extents.insert(1, at: axis) }
      return SlowTensor(extents, x.values)
    },
    "Transpose": { node in
      node[0].transposed(node.integers("perm") ?? Array(node[0].extents.indices.reversed()))
    },
  ]

  /// Operations with several results.
  static let parts: [String: @Sendable (SlowNode) -> [SlowTensor]] = [
    "Split": { node in
      let (x, axis, count) = (node[0], node.axis, node.node.outputs.count)
      var counts = node.integers(1, or: "split")
      if counts.isEmpty {
        let most = (x.extents[axis] + count - 1) / count
        counts = (0..<count).map { min(most, x.extents[axis] - most * $0) }
      }
      return counts.indices.map { place in
        var extents = x.extents
        extents[axis] = counts[place]
        return SlowTensor(extents) { index in
          var whole = index
          whole[axis] += counts[..<place].reduce(0, +)
          return x[whole]
        }
      }
    }
  ]
}

extension SlowNode {
  /// The attribute of that name, counted from the outermost axis.
  fileprivate var axis: Int {
    let axis = integer("axis") ?? 0
    return axis < 0 ? axis + self[0].extents.count : axis
  }
}
