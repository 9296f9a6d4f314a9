// A factor and an offset for each channel, which is innermost, then an epilogue; the channels may
// come in parts from several tensors, so that joining them takes no pass of its own. Bound by
// memory; a task is as many cells as make 16384 elements. Where registers end within the channels,
// the last ones are computed in one as well: a channel is always computed the same way.

/// A tensor that brings some of the channels: where it begins, and how many it has.
public struct ChannelPart: Hashable, Sendable {
  /// The first element.
  public let start: Int
  /// Its channels.
  public let channels: Int

  /// Channels of the tensor at `start`.
  public init(start: Int, channels: Int) {
    self.start = start
    self.channels = channels
  }
}

extension KernelSet {
  /// `result = activation(factor input + offset)` for each channel, where the channels of a cell are
  /// those of all parts, one behind the other; with no offsets `activation(factor input)`.
  ///
  /// Parts begin somewhere in `memory` and have as many cells as the result.
  @inlinable
  public static func scaleChannels(
    _ memory: Span<Float>, _ parts: Span<ChannelPart>, factors: Span<Float>, offsets: Span<Float>,
    activation: Epilogue.Activation, into result: inout MutableSpan<Float>
  ) {
    let channels = factors.count
    precondition(
      channels > 0 && result.count.isMultiple(of: channels)
        && (offsets.isEmpty || offsets.count == channels),
      "scaleChannels: lengths differ")
    let cells = result.count / channels
    var sum = 0
    for index in 0..<parts.count {
      let part = parts[index]
      precondition(
        part.start >= 0 && part.channels >= 0
          && part.start + cells * part.channels <= memory.count,
        "scaleChannels: a part lies outside the memory")
      sum += part.channels
    }
    precondition(sum == channels, "scaleChannels: parts of other channels")
    memory.withUnsafeBufferPointer { memory in
      parts.withUnsafeBufferPointer { parts in
        factors.withUnsafeBufferPointer { factors in
          offsets.withUnsafeBufferPointer { offsets in
            result.withUnsafeMutableBufferPointer { result in
              guard let memory = memory.baseAddress, let first = parts.baseAddress,
                let factors = factors.baseAddress, let result = result.baseAddress
              else { return }
              let offsets = offsets.isEmpty ? nil : offsets.baseAddress
              let finish = Finish(
                bias: offsets, residual: nil, result: result, activation: activation)
              ThreadPool.shared.parallelRuns(cells, length: max(1, 16384 / channels)) { run in
                Self.scaleCells(
                  run, memory, first, parts.count, factors, finish, channels, into: result)
              }
            }
          }
        }
      }
    }
  }

  /// Some cells.
  @inlinable
  static func scaleCells(
    _ run: Range<Int>, _ memory: UnsafePointer<Float>, _ parts: UnsafePointer<ChannelPart>,
    _ partCount: Int, _ factors: UnsafePointer<Float>, _ finish: Finish, _ channels: Int,
    into result: UnsafeMutablePointer<Float>
  ) {
    for cell in run {
      var place = 0
      for index in 0..<partCount {
        let part = parts[index]
        scalePart(
          memory + part.start + cell * part.channels, part.channels, factors + place, finish,
          offsets: finish.bias.map { $0 + place }, into: result + cell * channels + place)
        place += part.channels
      }
    }
    activate(
      result + run.lowerBound * channels, rows: run.count, width: channels, stride: channels,
      finish)
  }

  /// The channels of one cell that one part brings.
  @inlinable @inline(__always)
  static func scalePart(
    _ input: UnsafePointer<Float>, _ channels: Int, _ factors: UnsafePointer<Float>,
    _ finish: Finish, offsets: UnsafePointer<Float>?, into result: UnsafeMutablePointer<Float>
  ) {
    var channel = 0
    while channel < channels {
      let count = min(Vector.width, channels - channel)
      var sum = Vector(repeating: 0)
      if let offsets { sum = loaded(offsets + channel, count) }
      sum = sum.addingProduct(loaded(input + channel, count), loaded(factors + channel, count))
      Self.finish(sum, finish, count, to: result + channel)
      channel += Vector.width
    }
  }
}
