import GradCAMPPKernels

/// Copies of arrays with their axes in another order, place by place.
enum PermutedArray {
  /// Elements of an array with these extents, its axis `perm[i]` becoming axis i.
  static func permuted<Element>(_ elements: [Element], _ shape: Shape, to perm: [Int]) -> [Element]
  {
    var result: [Element] = []
    result.reserveCapacity(elements.count)
    visit(shape, perm) { start, step, count in
      for index in 0..<count { result.append(elements[start + index * step]) }
    }
    return result
  }

  /// Calls `row` for each innermost row of the result, with where its elements lie: the first one,
  /// the distance between two, and how many there are.
  static func visit(_ shape: Shape, _ perm: [Int], _ row: (Int, Int, Int) -> Void) {
    guard let inner = perm.last, shape.count > 0 else {
      if shape.count > 0 { row(0, 1, 1) }
      return
    }
    var strides = [Int](repeating: 1, count: shape.rank)
    for axis in stride(from: shape.rank - 2, through: 0, by: -1) {
      strides[axis] = strides[axis + 1] * shape[axis + 1]
    }
    let outer = Array(perm.dropLast())
    var index = outer.map { _ in 0 }
    var start = 0
    while true {
      row(start, strides[inner], shape[inner])
      var place = outer.count - 1
      while place >= 0 {
        index[place] += 1
        start += strides[outer[place]]
        if index[place] < shape[outer[place]] { break }
        start -= index[place] * strides[outer[place]]
        index[place] = 0
        place -= 1
      }
      if place < 0 { return }
    }
  }
}

extension WeightArray {
  /// The same numbers with other extents of as many elements.
  public func viewed(as shape: Shape) -> WeightArray {
    precondition(shape.count == self.shape.count, "another number of elements")
    return WeightArray(self, shape)
  }

  /// A copy with axis `perm[i]` as axis i, the numbers at each place of an axis multiplied by its
  /// factor if there are factors; `scaling.place` counts the axes of this array.
  func permuted(
    _ perm: [Int], scaling: (place: Int, factors: [Float])? = nil
  ) throws(GradCAMError) -> WeightArray {
    let shape = shape
    let slot = TensorSlot(offset: 0, shape: Shape(perm.map { shape[$0] }))
    let block = try MemoryBlock<Float>(count: shape.count)
    // Elements between two places of the scaled axis.
    let step = scaling.map { shape.extents.dropFirst($0.place + 1).reduce(1, *) } ?? 1
    read { bytes in
      block.write(slot) { span in
        var next = 0
        PermutedArray.visit(shape, perm) { start, distance, count in
          for index in 0..<count {
            let from = start + index * distance
            let value = bytes.unsafeLoadUnaligned(fromByteOffset: from * 4, as: Float.self)
            span[next] =
              scaling.map { value * $0.factors[from / step % $0.factors.count] } ?? value
            next += 1
          }
        }
      }
    }
    return WeightArray(Tensor(block, slot))
  }
}
