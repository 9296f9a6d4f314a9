// The entrance of all convolutions.

extension KernelSet {
  /// `result = source ⋆ filter + bias`, then the epilogue, whose addends are `residual`; for
  /// `.gradient`, the gradient by the input from the gradient by the output.
  @inlinable
  public static func convolve(
    _ source: Span<Float>, _ packed: Span<Float>, _ step: ConvolutionStep, bias: Span<Float>?,
    residual: Span<Float>?, scratch: inout MutableSpan<Float>,
    into result: inout MutableSpan<Float>
  ) {
    let layout = FilterLayout(step)
    let batch = step.geometry.batch
    let sourceStride = step.filter.sourceChannels(step.direction) * step.filter.groups
    let resultStride = step.filter.resultChannels(step.direction) * step.filter.groups
    precondition(
      source.count == batch * step.source.count * sourceStride
        && result.count == batch * step.written.count * resultStride
        && (!step.epilogue.pools || step.canPool) && packed.count == layout.packedCount
        && step.epilogue.addsResidual == (residual != nil) && scratch.count >= step.scratch,
      "convolve: lengths do not fit the step")
    withAddresses(bias, resultStride, residual, result.count) { bias, residual in
      source.withUnsafeBufferPointer { source in
        packed.withUnsafeBufferPointer { packed in
          scratch.withUnsafeMutableBufferPointer { scratch in
            result.withUnsafeMutableBufferPointer { result in
              guard let source = source.baseAddress, let packed = packed.baseAddress,
                let scratch = scratch.baseAddress, let result = result.baseAddress
              else { return }
              let finish = Finish(
                bias: bias, residual: residual, result: result,
                activation: step.epilogue.activation)
              switch step.algorithm {
              case .winograd: convolveWinograd(source, packed, step, finish, scratch, result)
              case .interleaved: convolveInterleaved(source, packed, step, finish, scratch, result)
              case .tapwise: convolveTapwise(source, packed, step, finish, scratch, result)
              case .depthwise: convolveDepthwise(source, packed, step, finish, result)
              case .direct: convolveDirectly(source, packed, step, finish, scratch, result)
              }
            }
          }
        }
      }
    }
  }

  /// Lends the addresses of a bias and of addends, nil for what there is not.
  @inlinable @inline(__always)
  static func withAddresses(
    _ bias: Span<Float>?, _ channels: Int, _ residual: Span<Float>?, _ count: Int,
    _ body: (UnsafePointer<Float>?, UnsafePointer<Float>?) -> Void
  ) {
    withAddress(bias, count: channels) { bias in
      withAddress(residual, count: count) { body(bias, $0) }
    }
  }

  /// Lends the address of `count` numbers, or nil when there are none.
  @inlinable @inline(__always)
  static func withAddress(
    _ numbers: Span<Float>?, count: Int, _ body: (UnsafePointer<Float>?) -> Void
  ) {
    guard let numbers else { return body(nil) }
    precondition(
      numbers.count == count, "one bias for each channel, one addend for each result is expected")
    numbers.withUnsafeBufferPointer { body($0.baseAddress) }
  }
}
