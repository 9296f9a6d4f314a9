import GradCAMPPKernels

@testable import GradCAMPPCore

/// Numbers with extents, for definitions that are written index by index.
struct SlowTensor: Equatable {
  var extents: [Int]
  var values: [Double]

  init(_ extents: [Int], _ values: [Double]) {
    precondition(values.count == extents.reduce(1, *), "element count does not fit the extents")
    self.extents = extents
    self.values = values
  }

  /// A tensor whose element at each index is what `element` says.
  init(_ extents: [Int], _ element: ([Int]) -> Double) {
    self.init(extents, everyIndex(extents).map(element))
  }

  /// A constant as operations count its axes, by the definition of its order and factors.
  init(_ constant: GraphConstant) {
    let extents = constant.shape.extents
    switch constant.numbers {
    case .integers, .bytes: self.init(extents, (constant.integers ?? []).map(Double.init))
    case .floats(let array):
      let numbers = array.read { bytes in
        (0..<array.shape.count).map {
          bytes.unsafeLoadUnaligned(fromByteOffset: $0 * 4, as: Float.self)
        }
      }
      let lying = constant.order.axes.map { extents[$0] }
      self.init(extents) { index in
        let place = position(constant.order.axes.map { index[$0] }, in: lying)
        let factor = constant.scaling.map { Double($0.factors[index[$0.axis]]) } ?? 1
        return Double(numbers[place]) * factor
      }
    }
  }

  subscript(index: [Int]) -> Double { values[position(index, in: extents)] }

  /// Axis i of the result is axis `perm[i]`.
  func transposed(_ perm: [Int]) -> SlowTensor {
    SlowTensor(perm.map { extents[$0] }) { index in
      var source = index
      for (axis, from) in perm.enumerated() { source[from] = index[axis] }
      return self[source]
    }
  }

  /// (N, spatial…, C) as (N, C, spatial…).
  var channelsFirst: SlowTensor {
    let rank = extents.count
    return rank < 3 ? self : transposed([0, rank - 1] + Array(1..<rank - 1))
  }

  /// (N, C, spatial…) as (N, spatial…, C).
  var channelsLast: SlowTensor {
    let rank = extents.count
    return rank < 3 ? self : transposed([0] + Array(2..<rank) + [1])
  }

  func map(_ transform: (Double) -> Double) -> SlowTensor {
    SlowTensor(extents, values.map(transform))
  }
}
