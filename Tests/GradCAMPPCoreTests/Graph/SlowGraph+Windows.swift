extension SlowGraph {
  /// Operations that see an input through windows.
  static let windows: [String: @Sendable (SlowNode) -> SlowTensor] = [
    "Conv": { node in
      let (x, weights, biases) = (node.channelsFirst, node[1], node.optional(2))
      let groups = node.integer("group") ?? 1
      let (outputs, inputsOfGroup) = (weights.extents[0], weights.extents[1])
      let windows = SlowWindows(node, x, kernel: Array(weights.extents.dropFirst(2)))
      return node.inLayout(
        SlowTensor([x.extents[0], outputs] + windows.cells) { index in
          let first = index[1] / (outputs / groups) * inputsOfGroup
          var sum = biases?[[index[1]]] ?? 0
          for (tap, cell) in windows.taps(at: Array(index.dropFirst(2))) {
            for input in 0..<inputsOfGroup {
              sum += x[[index[0], first + input] + cell] * weights[[index[1], input] + tap]
            }
          }
          return sum
        })
    },
    "GlobalAveragePool": { node in node.inLayout(averaged(node.channelsFirst, nil)) },
    "AdaptiveAveragePool": { node in
      node.inLayout(averaged(node.channelsFirst, node.integers("output_size")))
    },
    "AveragePool": { node in
      let x = node.channelsFirst
      let windows = SlowWindows(node, x, kernel: node.integers("kernel_shape") ?? [])
      return node.inLayout(
        SlowTensor([x.extents[0], x.extents[1]] + windows.cells) { index in
          let window = Array(index.dropFirst(2))
          let cells = windows.taps(at: window)
          let sum = cells.reduce(0) { $0 + x[[index[0], index[1]] + $1.cell] }
          let isPadded = node.integer("count_include_pad") == 1
          return sum / Double(isPadded ? windows.paddedTaps(at: window) : cells.count)
        })
    },
    "MaxPool": { node in
      let x = node.channelsFirst
      let windows = SlowWindows(node, x, kernel: node.integers("kernel_shape") ?? [])
      return node.inLayout(
        SlowTensor([x.extents[0], x.extents[1]] + windows.cells) { index in
          windows.taps(at: Array(index.dropFirst(2))).map { x[[index[0], index[1]] + $0.cell] }
            .max() ?? -.infinity
        })
    },
  ]
}

/// The means of bins of (N, C, spatial…): cell i is in bin k of n over m cells when
/// `floor(k m / n) <= i < ceil((k + 1) m / n)`.
private func averaged(_ x: SlowTensor, _ cells: [Int]?) -> SlowTensor {
  let spatial = Array(x.extents.dropFirst(2))
  let cells = cells ?? spatial.map { _ in 1 }
  return SlowTensor(Array(x.extents.prefix(2)) + cells) { index in
    let members = everyIndex(spatial).filter { cell in
      cell.indices.allSatisfy { axis in
        let (bin, bins) = (Double(index[axis + 2]), Double(cells[axis]))
        let extent = Double(spatial[axis])
        return Double(cell[axis]) >= (bin * extent / bins).rounded(.down)
          && Double(cell[axis]) < ((bin + 1) * extent / bins).rounded(.up)
      }
    }
    return members.reduce(0) { $0 + x[[index[0], index[1]] + $1] } / Double(members.count)
  }
}

/// Windows of a node over (N, C, spatial…), by ONNX's definition of its attributes.
struct SlowWindows {
  /// How many there are along each axis.
  let cells: [Int]

  private let kernel: [Int]
  private let strides: [Int]
  private let dilations: [Int]
  private let before: [Int]
  private let behind: [Int]
  private let input: [Int]

  init(_ node: SlowNode, _ x: SlowTensor, kernel: [Int]) {
    input = Array(x.extents.dropFirst(2))
    let rank = input.count
    strides = node.integers("strides") ?? input.map { _ in 1 }
    dilations = node.integers("dilations") ?? input.map { _ in 1 }
    self.kernel = kernel
    var pads = node.integers("pads") ?? Array(repeating: 0, count: 2 * rank)
    let rule = node.text("auto_pad") ?? ""
    let isCeiling = node.integer("ceil_mode") == 1
    var cells: [Int] = []
    for axis in 0..<rank {
      let size = (kernel[axis] - 1) * dilations[axis] + 1
      if rule.hasPrefix("SAME") {
        let count = Int((Double(input[axis]) / Double(strides[axis])).rounded(.up))
        let total = max(0, (count - 1) * strides[axis] + size - input[axis])
        pads[axis] = rule == "SAME_UPPER" ? total / 2 : (total + 1) / 2
        pads[rank + axis] = total - pads[axis]
      }
      let room = Double(input[axis] + pads[axis] + pads[rank + axis] - size)
      let steps = room / Double(strides[axis])
      var count = Int(steps.rounded(isCeiling ? .up : .down)) + 1
      // A partial window must begin before the padding behind.
      if isCeiling, (count - 1) * strides[axis] >= input[axis] + pads[axis] { count -= 1 }
      cells.append(count)
    }
    self.cells = cells
    before = Array(pads.prefix(rank))
    behind = Array(pads.suffix(rank))
  }

  /// How many taps of a window lie on the input or its padding.
  func paddedTaps(at window: [Int]) -> Int {
    everyIndex(kernel).count { tap in
      tap.indices.allSatisfy {
        let cell = window[$0] * strides[$0] + tap[$0] * dilations[$0]
        return cell >= 0 && cell < before[$0] + input[$0] + behind[$0]
      }
    }
  }

  /// The cells of the input under a window, with the taps that lie on them.
  func taps(at window: [Int]) -> [(tap: [Int], cell: [Int])] {
    everyIndex(kernel).compactMap { tap in
      let cell = tap.indices.map {
        window[$0] * strides[$0] + tap[$0] * dilations[$0] - before[$0]
      }
      return zip(cell, input).allSatisfy { $0 >= 0 && $0 < $1 } ? (tap, cell) : nil
    }
  }
}
