import GradCAMPPKernels

extension FloatFormat {
  /// Converts `bytes`, which hold numbers of `shape` in this format, to float32.
  ///
  /// The last axis is innermost in `bytes`, or the first one when `firstAxisInnermost` (Fortran
  /// order); it is the last one in the result. binary64 is rounded to nearest, ties to even.
  public func tensor(
    _ bytes: RawSpan, shape: Shape, firstAxisInnermost: Bool = false
  ) throws(GradCAMError) -> Tensor {
    precondition(bytes.byteCount == shape.count * width.byteCount, "byte count does not fit")
    let order = order
    let transposes = firstAxisInnermost && shape.rank > 1
    return try Tensor(shape) { output in
      switch width {
      case .half:
        let half = { (bits: UInt16) in Self.single(fromHalf: bits) }
        convert(bytes, order, shape, transposes, &output, half)
      case .bfloat16:
        let upper = { (bits: UInt16) in Float(bitPattern: UInt32(bits) << 16) }
        convert(bytes, order, shape, transposes, &output, upper)
      case .single:
        let single = { (bits: UInt32) in Float(bitPattern: bits) }
        convert(bytes, order, shape, transposes, &output, single)
      case .double:
        let double = { (bits: UInt64) in Float(Double(bitPattern: bits)) }
        convert(bytes, order, shape, transposes, &output, double)
      }
    }
  }
}

@inline(__always)
private func convert<Bits: FixedWidthInteger & BitwiseCopyable>(
  _ bytes: RawSpan, _ order: ByteOrder, _ shape: Shape, _ transposes: Bool,
  _ output: inout MutableSpan<Float>, _ value: (Bits) -> Float
) {
  let size = MemoryLayout<Bits>.size
  let big = order == .big
  func load(_ bytes: RawSpan, _ index: Int) -> Float {
    let bits = bytes.unsafeLoadUnaligned(fromByteOffset: index * size, as: Bits.self)
    return value(big ? Bits(bigEndian: bits) : Bits(littleEndian: bits))
  }
  guard transposes else {
    for index in 0..<shape.count { output[index] = load(bytes, index) }
    return
  }
  // The first axis is innermost in `bytes` and outermost in `output`, the last one the other way
  // round; each combination of the axes between them is a matrix to transpose, tile by tile so
  // that both sides stay in the cache.
  let rows = shape[0]
  let columns = shape.channels
  let matrices = shape.count / (rows * columns)
  let tile = 32
  for matrix in 0..<matrices {
    let source = firstAxisInnermostOffset(ofMatrix: matrix, shape)
    for top in stride(from: 0, to: rows, by: tile) {
      for left in stride(from: 0, to: columns, by: tile) {
        for row in top..<min(top + tile, rows) {
          for column in left..<min(left + tile, columns) {
            output[(row * matrices + matrix) * columns + column] =
              load(bytes, source + row + column * rows * matrices)
          }
        }
      }
    }
  }
}

/// Where the matrix with that number, counted over the inner axes in row-major order, begins when
/// the first axis is innermost.
private func firstAxisInnermostOffset(ofMatrix matrix: Int, _ shape: Shape) -> Int {
  var rest = matrix
  var offset = 0
  var stride = shape.count / shape.channels
  for axis in (1..<shape.rank - 1).reversed() {
    stride /= shape[axis]
    offset += rest % shape[axis] * stride
    rest /= shape[axis]
  }
  return offset
}
