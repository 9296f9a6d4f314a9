import GradCAMPPKernels

extension FloatFormat {
  /// Converts numbers in this format that lie `strides` numbers apart along each axis, the first
  /// one at the beginning of `bytes`, to contiguous float32.
  ///
  /// All of them lie inside `bytes`.
  func tensor(
    _ bytes: RawSpan, shape: Shape, strides: [Int]
  ) throws(GradCAMError) -> Tensor {
    precondition(strides.count == shape.rank, "a stride for each axis")
    return try Tensor(shape) { output in
      var place = 0
      var position = [Int](repeating: 0, count: shape.rank)
      for index in 0..<shape.count {
        output[index] = number(in: bytes, at: place)
        // The next position in row-major order.
        var axis = shape.rank - 1
        while axis >= 0 {
          position[axis] += 1
          place += strides[axis]
          if position[axis] < shape[axis] { break }
          place -= strides[axis] * shape[axis]
          position[axis] = 0
          axis -= 1
        }
      }
    }
  }

  /// The number at a place that counts numbers, not bytes.
  private func number(in bytes: RawSpan, at place: Int) -> Float {
    let offset = place * width.byteCount
    switch width {
    case .half: return Self.single(fromHalf: bytes.integer(UInt16.self, at: offset, order) ?? 0)
    case .bfloat16:
      return Float(bitPattern: UInt32(bytes.integer(UInt16.self, at: offset, order) ?? 0) << 16)
    case .single:
      return Float(bitPattern: bytes.integer(UInt32.self, at: offset, order) ?? 0)
    case .double:
      return Float(Double(bitPattern: bytes.integer(UInt64.self, at: offset, order) ?? 0))
    }
  }
}
