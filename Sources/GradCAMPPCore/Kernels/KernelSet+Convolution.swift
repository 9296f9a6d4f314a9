// The entrance of all convolutions, and what most algorithms end with.

extension KernelSet {
  /// `result = source ⋆ filter + bias`, then the epilogue; for `.gradient`, the gradient by the
  /// input from the gradient by the output.
  @inlinable
  public static func convolve(
    _ source: Span<Float>, _ packed: Span<Float>, _ step: ConvolutionStep, bias: Span<Float>?,
    scratch: inout MutableSpan<Float>, into result: inout MutableSpan<Float>
  ) {
    let layout = FilterLayout(step)
    let batch = step.geometry.batch
    let sourceStride = step.filter.sourceChannels(step.direction) * step.filter.groups
    let resultStride = step.filter.resultChannels(step.direction) * step.filter.groups
    precondition(
      source.count == batch * step.source.count * sourceStride
        && result.count == batch * step.written.count * resultStride
        && (!step.epilogue.pools || step.canPool) && packed.count == layout.packedCount
        && scratch.count >= step.scratch,
      "convolve: lengths do not fit the step")
    withAddress(bias, count: resultStride) { bias in
      source.withUnsafeBufferPointer { source in
        packed.withUnsafeBufferPointer { packed in
          scratch.withUnsafeMutableBufferPointer { scratch in
            result.withUnsafeMutableBufferPointer { result in
              guard let source = source.baseAddress, let packed = packed.baseAddress,
                let scratch = scratch.baseAddress, let result = result.baseAddress
              else { return }
              switch step.algorithm {
              case .winograd: convolveWinograd(source, packed, step, bias, scratch, result)
              case .interleaved: convolveInterleaved(source, packed, step, bias, scratch, result)
              case .tapwise: convolveTapwise(source, packed, step, bias, scratch, result)
              case .depthwise: convolveDepthwise(source, packed, step, bias, result)
              case .direct: convolveDirectly(source, packed, step, bias, scratch, result)
              }
            }
          }
        }
      }
    }
  }

  /// Lends the address of `count` numbers, or nil when there are none.
  @inlinable @inline(__always)
  static func withAddress(
    _ numbers: Span<Float>?, count: Int, _ body: (UnsafePointer<Float>?) -> Void
  ) {
    guard let numbers else { return body(nil) }
    precondition(numbers.count == count, "convolve: one bias for each channel is expected")
    numbers.withUnsafeBufferPointer { body($0.baseAddress) }
  }

  /// Adds a tile to the result; the first block of terms replaces it by tile + bias, the last one
  /// rectifies.
  @inlinable @inline(__always)
  static func finishTile(
    _ tile: UnsafePointer<Float>, rows: Int, width: Int, isFirst: Bool, isLast: Bool,
    bias: UnsafePointer<Float>?, rectifies: Bool, into result: UnsafeMutablePointer<Float>,
    stride: Int
  ) {
    let zero = Vector(repeating: 0)
    for row in 0..<rows {
      let line = result + row * stride
      let sums = tile + row * panelWidth
      var lane = 0
      while lane + Vector.width <= width {
        let earlier = isFirst ? bias.map { Vector.load($0 + lane) } ?? zero : .load(line + lane)
        let sum = earlier + .load(sums + lane)
        (isLast && rectifies ? sum.rectified() : sum).store(line + lane)
        lane += Vector.width
      }
      while lane < width {
        let earlier = isFirst ? bias.map { $0[lane] } ?? 0 : line[lane]
        let sum = earlier + sums[lane]
        line[lane] = isLast && rectifies && sum < 0 ? sum - sum : sum
        lane += 1
      }
    }
  }
}
