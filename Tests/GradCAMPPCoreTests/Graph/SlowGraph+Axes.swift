extension SlowGraph {
  /// Operations that move elements.
  static let axes: [String: @Sendable (SlowNode) -> SlowTensor] = [
    "Flatten": { node in
      let x = node[0]
      return SlowTensor([x.extents[0], x.extents.dropFirst().reduce(1, *)], x.values)
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
    "Transpose": { node in
      node[0].transposed(node.integers("perm") ?? Array(node[0].extents.indices.reversed()))
    },
    "Pad": { node in
      let x = node[0]
      let rank = x.extents.count
      let pads = node.integers(1, or: "pads")
      let value = node.optional(2)?.values[0] ?? node.number("value") ?? 0
      let extents = (0..<rank).map { x.extents[$0] + pads[$0] + pads[rank + $0] }
      return SlowTensor(extents) { index in
        let cell = (0..<rank).map { index[$0] - pads[$0] }
        let isInside = zip(cell, x.extents).allSatisfy { $0 >= 0 && $0 < $1 }
        return isInside ? x[cell] : value
      }
    },
  ]
}
