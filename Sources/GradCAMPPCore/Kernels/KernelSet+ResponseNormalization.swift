// Local response normalisation over neighbouring channels, which are innermost: a register's sums are
// those of shifted loads, but at the ends of a cell's channels, where each is summed by itself. A task
// is as many cells as make 4096 elements.

/// The windows over channels, and the formula `x (bias + rate Σ x^2)^-exponent`.
public struct ResponseWindows: Hashable, Sendable {
  /// Channels of a cell.
  public let channels: Int
  /// Channels before the one that is normalised.
  public let before: Int
  /// Channels behind it.
  public let behind: Int
  /// What the sum of squares is multiplied by.
  public let rate: Float
  /// The power that is divided by.
  public let exponent: Float
  /// What is added to the sum.
  public let bias: Float

  /// Windows over so many channels.
  public init(
    channels: Int, before: Int, behind: Int, rate: Float, exponent: Float, bias: Float
  ) {
    self.channels = channels
    self.before = before
    self.behind = behind
    self.rate = rate
    self.exponent = exponent
    self.bias = bias
  }

  /// Scratch that gradients need: a cell's channels for each worker.
  public var scratch: Int { channels * ThreadPool.shared.limit }

  /// Cells of a task.
  @inlinable var taskLength: Int { max(1, 4096 / channels) }
}

extension KernelSet {
  /// `y = x (bias + rate Σ x^2)^-exponent`.
  @inlinable
  public static func normalizeResponses(
    _ input: Span<Float>, _ windows: ResponseWindows, into output: inout MutableSpan<Float>
  ) {
    let channels = windows.channels
    precondition(
      channels > 0 && input.count.isMultiple(of: channels) && output.count == input.count,
      "normalizeResponses: lengths differ")
    let cells = input.count / channels
    input.withUnsafeBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        guard let input = input.baseAddress, let output = output.baseAddress else { return }
        ThreadPool.shared.parallelRuns(cells, length: windows.taskLength) { run in
          for cell in run {
            Self.normalizeResponses(
              input + cell * channels, windows, into: output + cell * channels)
          }
        }
      }
    }
  }

  /// The channels of one cell.
  @inlinable
  static func normalizeResponses(
    _ input: UnsafePointer<Float>, _ windows: ResponseWindows,
    into output: UnsafeMutablePointer<Float>
  ) {
    var channel = 0
    while channel < windows.channels {
      let count = min(Vector.width, windows.channels - channel)
      let number = loaded(input + channel, count)
      let sum = response(input, windows, channel, count)
      store(number * negativePower(sum, windows), count, to: output + channel)
      channel += Vector.width
    }
  }

  /// `bias + rate Σ x^2` of some channels.
  @inlinable @inline(__always)
  static func response(
    _ input: UnsafePointer<Float>, _ windows: ResponseWindows, _ channel: Int, _ count: Int
  ) -> Vector {
    let squares = windowSum(
      input, windows.channels, channel, count, before: windows.before, behind: windows.behind,
      isSquared: true)
    return Vector(repeating: windows.bias).addingProduct(
      squares, Vector(repeating: windows.rate))
  }

  /// `sum^-exponent`.
  @inlinable @inline(__always)
  static func negativePower(_ sum: Vector, _ windows: ResponseWindows) -> Vector {
    (sum.logarithm() * Vector(repeating: -windows.exponent)).exponential()
  }

  /// Sums of neighbouring numbers, or of their squares, inside a cell.
  @inlinable @inline(__always)
  static func windowSum(
    _ numbers: UnsafePointer<Float>, _ channels: Int, _ channel: Int, _ count: Int, before: Int,
    behind: Int, isSquared: Bool
  ) -> Vector {
    if channel >= before, channel + Vector.width + behind <= channels {
      var sum = Vector(repeating: 0)
      for place in channel - before...channel + behind {
        let number = Vector.load(numbers + place)
        sum = isSquared ? sum.addingProduct(number, number) : sum + number
      }
      return sum
    }
    var sums = SIMD16<Float>(repeating: 0)
    for lane in 0..<count {
      let center = channel + lane
      for place in max(0, center - before)...min(channels - 1, center + behind) {
        sums[lane] += isSquared ? numbers[place] * numbers[place] : numbers[place]
      }
    }
    return .load(&sums)
  }

  /// `dx = dy s^-e - 2 rate e x Σ dy x s^(-e-1)`, with `s = bias + rate Σ x^2` and the last sum over
  /// the channels whose windows hold this one.
  @inlinable
  public static func normalizeResponsesGradient(
    _ outputGradient: Span<Float>, input: Span<Float>, _ windows: ResponseWindows,
    scratch: inout MutableSpan<Float>, into inputGradient: inout MutableSpan<Float>
  ) {
    let channels = windows.channels
    precondition(
      channels > 0 && input.count.isMultiple(of: channels) && outputGradient.count == input.count
        && inputGradient.count == input.count && scratch.count >= windows.scratch,
      "normalizeResponsesGradient: lengths differ")
    let cells = input.count / channels
    let length = windows.taskLength
    outputGradient.withUnsafeBufferPointer { gradient in
      input.withUnsafeBufferPointer { input in
        scratch.withUnsafeMutableBufferPointer { scratch in
          inputGradient.withUnsafeMutableBufferPointer { result in
            guard let gradient = gradient.baseAddress, let input = input.baseAddress,
              let scratch = scratch.baseAddress, let result = result.baseAddress
            else { return }
            ThreadPool.shared.parallel((cells + length - 1) / length) { task, worker in
              for cell in task * length..<min(cells, (task + 1) * length) {
                let start = cell * channels
                Self.normalizeResponsesGradient(
                  gradient + start, input + start, windows, scratch + worker * channels,
                  into: result + start)
              }
            }
          }
        }
      }
    }
  }

  /// The channels of one cell.
  @inlinable
  static func normalizeResponsesGradient(
    _ gradient: UnsafePointer<Float>, _ input: UnsafePointer<Float>, _ windows: ResponseWindows,
    _ terms: UnsafeMutablePointer<Float>, into result: UnsafeMutablePointer<Float>
  ) {
    let channels = windows.channels
    var channel = 0
    while channel < channels {
      let count = min(Vector.width, channels - channel)
      let sum = response(input, windows, channel, count)
      let direct = loaded(gradient + channel, count) * negativePower(sum, windows)
      store(direct, count, to: result + channel)
      store(direct * loaded(input + channel, count) / sum, count, to: terms + channel)
      channel += Vector.width
    }
    let factor = Vector(repeating: -2 * windows.rate * windows.exponent)
    channel = 0
    while channel < channels {
      let count = min(Vector.width, channels - channel)
      let sum = windowSum(
        terms, channels, channel, count, before: windows.behind, behind: windows.before,
        isSquared: false)
      let indirect = loaded(input + channel, count) * factor
      store(
        loaded(result + channel, count).addingProduct(indirect, sum), count, to: result + channel)
      channel += Vector.width
    }
  }
}
