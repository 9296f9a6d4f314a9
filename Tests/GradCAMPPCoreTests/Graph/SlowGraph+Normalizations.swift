import Glibc

extension SlowGraph {
  /// Operations that measure what they normalise.
  static let normalizations: [String: @Sendable (SlowNode) -> SlowTensor] = [
    "InstanceNormalization": { node in normalized(node, groups: nil) },
    "GroupNormalization": { node in normalized(node, groups: node.integer("num_groups")) },
    "LRN": { node in
      let x = node.channelsFirst
      let size = node.integer("size") ?? 1
      let (alpha, beta) = (node.number("alpha") ?? 1e-4, node.number("beta") ?? 0.75)
      let bias = node.number("bias") ?? 1
      return node.inLayout(
        SlowTensor(x.extents) { index in
          var (sum, other) = (0.0, index)
          for channel in 0..<x.extents[1] {
            let distance = Double(channel - index[1])
            let half = Double(size - 1) / 2
            guard distance >= -half.rounded(.down), distance <= half.rounded(.up) else { continue }
            other[1] = channel
            sum += x[other] * x[other]
          }
          return x[index] / pow(bias + alpha / Double(size) * sum, beta)
        })
    },
  ]
}

/// Each group of channels of each picture by its mean and variance; groups of one channel for nil.
private func normalized(_ node: SlowNode, groups: Int?) -> SlowTensor {
  let (x, factors, offsets) = (node.channelsFirst, node[1].values, node[2].values)
  let epsilon = node.number("epsilon") ?? 1e-5
  let width = groups.map { x.extents[1] / $0 } ?? 1
  // Older versions have a factor for each group.
  let repeats = x.extents[1] / factors.count
  let cells = everyIndex(Array(x.extents.dropFirst(2)))
  let measures = everyIndex([x.extents[0], x.extents[1] / width]).map { group in
    let numbers = (0..<width).flatMap { channel in
      cells.map { x[[group[0], group[1] * width + channel] + $0] }
    }
    let mean = numbers.reduce(0, +) / Double(numbers.count)
    let squares = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, (squares / Double(numbers.count) + epsilon).squareRoot())
  }
  return node.inLayout(
    SlowTensor(x.extents) { index in
      let (mean, deviation) = measures[
        index[0] * (x.extents[1] / width) + index[1] / width]
      let place = index[1] / repeats
      return factors[place] * (x[index] - mean) / deviation + offsets[place]
    })
}
