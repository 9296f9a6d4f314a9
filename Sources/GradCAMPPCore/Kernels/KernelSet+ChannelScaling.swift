// A factor and an offset for each channel, which is innermost. Bound by memory; a task is as many
// cells as make 16384 elements. Where registers end within the channels, the last ones are computed
// one by one: a channel is always computed the same way.

extension KernelSet {
  /// `result = factor input + offset` for each channel; with no offsets `factor input`.
  @inlinable
  public static func scaleChannels(
    _ input: Span<Float>, factors: Span<Float>, offsets: Span<Float>,
    into result: inout MutableSpan<Float>
  ) {
    let channels = factors.count
    precondition(
      channels > 0 && input.count.isMultiple(of: channels) && result.count == input.count
        && (offsets.isEmpty || offsets.count == channels),
      "scaleChannels: lengths differ")
    let cells = input.count / channels
    input.withUnsafeBufferPointer { input in
      factors.withUnsafeBufferPointer { factors in
        offsets.withUnsafeBufferPointer { offsets in
          result.withUnsafeMutableBufferPointer { result in
            guard let input = input.baseAddress, let factors = factors.baseAddress,
              let result = result.baseAddress
            else { return }
            let offsets = offsets.isEmpty ? nil : offsets.baseAddress
            ThreadPool.shared.parallelRuns(cells, length: max(1, 16384 / channels)) { run in
              for cell in run {
                let start = cell * channels
                Self.scaleCell(input + start, factors, offsets, channels, into: result + start)
              }
            }
          }
        }
      }
    }
  }

  /// The channels of one cell.
  @inlinable
  static func scaleCell(
    _ input: UnsafePointer<Float>, _ factors: UnsafePointer<Float>,
    _ offsets: UnsafePointer<Float>?, _ channels: Int, into result: UnsafeMutablePointer<Float>
  ) {
    var channel = 0
    while channel + Vector.width <= channels {
      var offset = Vector(repeating: 0)
      if let offsets { offset = .load(offsets + channel) }
      offset.addingProduct(.load(input + channel), .load(factors + channel))
        .store(result + channel)
      channel += Vector.width
    }
    while channel < channels {
      result[channel] = (offsets?[channel] ?? 0) + input[channel] * factors[channel]
      channel += 1
    }
  }
}
