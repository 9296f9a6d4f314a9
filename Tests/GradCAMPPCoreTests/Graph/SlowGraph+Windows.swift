import Glibc

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
    "LpPool": { node in
      let x = node.channelsFirst
      let windows = SlowWindows(node, x, kernel: node.integers("kernel_shape") ?? [])
      return node.inLayout(
        SlowTensor([x.extents[0], x.extents[1]] + windows.cells) { index in
          norm(
            windows.taps(at: Array(index.dropFirst(2))).map { x[[index[0], index[1]] + $0.cell] },
            node)
        })
    },
    "GlobalMaxPool": { node in
      node.inLayout(gathered(node.channelsFirst) { $0.max() ?? -.infinity })
    },
    "GlobalLpPool": { node in
      node.inLayout(gathered(node.channelsFirst) { norm($0, node) })
    },
    "ConvTranspose": { node in
      let (x, weights, biases) = (node.channelsFirst, node[1], node.optional(2))
      let groups = node.integer("group") ?? 1
      let (inputsOfGroup, outputsOfGroup) = (x.extents[1] / groups, weights.extents[1])
      let kernel = Array(weights.extents.dropFirst(2))
      let rank = kernel.count
      let strides = node.integers("strides") ?? kernel.map { _ in 1 }
      let dilations = node.integers("dilations") ?? kernel.map { _ in 1 }
      let extra = node.integers("output_padding") ?? kernel.map { _ in 0 }
      var pads = node.integers("pads") ?? Array(repeating: 0, count: 2 * rank)
      let rule = node.text("auto_pad") ?? ""
      let isSame = rule.hasPrefix("SAME")
      let wanted: [Int]? =
        node.integers("output_shape")
        ?? (isSame ? (0..<rank).map { x.extents[$0 + 2] * strides[$0] } : nil)
      let spatial = (0..<rank).map { (axis: Int) -> Int in
        let size = (kernel[axis] - 1) * dilations[axis] + 1
        let whole: Int = strides[axis] * (x.extents[axis + 2] - 1) + extra[axis] + size
        guard let wanted else { return whole - pads[axis] - pads[rank + axis] }
        let total = max(0, whole - wanted[axis])
        pads[axis] = rule == "SAME_UPPER" ? total / 2 : total - total / 2
        return wanted[axis]
      }
      var sums = SlowTensor([x.extents[0], outputsOfGroup * groups] + spatial) {
        biases?[[$0[1]]] ?? 0
      }
      for (index, value) in zip(everyIndex(x.extents), x.values) {
        for tap in everyIndex(kernel) {
          let cell = (0..<rank).map { (axis: Int) -> Int in
            index[axis + 2] * strides[axis] + tap[axis] * dilations[axis] - pads[axis]
          }
          guard zip(cell, spatial).allSatisfy({ $0 >= 0 && $0 < $1 }) else { continue }
          for output in 0..<outputsOfGroup {
            let channel = index[1] / inputsOfGroup * outputsOfGroup + output
            sums.values[position([index[0], channel] + cell, in: sums.extents)] +=
              value * weights[[index[1], output] + tap]
          }
        }
      }
      return node.inLayout(sums)
    },
  ]
}

/// The p-th root of the sum of p-th powers.
private func norm(_ numbers: [Double], _ node: SlowNode) -> Double {
  let power = Double(node.integer("p") ?? 2)
  return pow(numbers.reduce(0) { $0 + pow(abs($1), power) }, 1 / power)
}

/// One number made of all cells of each channel of (N, C, spatial…).
private func gathered(_ x: SlowTensor, _ measure: ([Double]) -> Double) -> SlowTensor {
  let spatial = Array(x.extents.dropFirst(2))
  return SlowTensor(Array(x.extents.prefix(2)) + spatial.map { _ in 1 }) { index in
    measure(everyIndex(spatial).map { x[[index[0], index[1]] + $0] })
  }
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
