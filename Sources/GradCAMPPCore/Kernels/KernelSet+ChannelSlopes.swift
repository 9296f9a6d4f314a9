// The rectifier with a slope for each channel, which is innermost. Bound by memory; a task is as
// many cells as make 16384 elements. Channels that fill no register are computed one by one.

extension KernelSet {
  /// `output = input < 0 ? slope input : input`.
  @inlinable
  public static func rectifyWithSlopes(
    _ input: Span<Float>, slopes: Span<Float>, into output: inout MutableSpan<Float>
  ) {
    let channels = slopes.count
    precondition(
      channels > 0 && input.count.isMultiple(of: channels) && output.count == input.count,
      "rectifyWithSlopes: lengths differ")
    let cells = input.count / channels
    input.withUnsafeBufferPointer { input in
      slopes.withUnsafeBufferPointer { slopes in
        output.withUnsafeMutableBufferPointer { output in
          guard let input = input.baseAddress, let slopes = slopes.baseAddress,
            let output = output.baseAddress
          else { return }
          ThreadPool.shared.parallelRuns(cells, length: max(1, 16384 / channels)) { run in
            for cell in run {
              let start = cell * channels
              Self.rectifyCell(input + start, slopes, channels, into: output + start)
            }
          }
        }
      }
    }
  }

  @inlinable
  static func rectifyCell(
    _ input: UnsafePointer<Float>, _ slopes: UnsafePointer<Float>, _ channels: Int,
    into output: UnsafeMutablePointer<Float>
  ) {
    var channel = 0
    while channel + Vector.width <= channels {
      let number = Vector.load(input + channel)
      number.replaced(
        by: number * .load(slopes + channel), where: number, isLessThan: Vector(repeating: 0)
      ).store(output + channel)
      channel += Vector.width
    }
    while channel < channels {
      let number = input[channel]
      output[channel] = number < 0 ? number * slopes[channel] : number
      channel += 1
    }
  }

  /// `inputGradient = input > 0 ? outputGradient : slope outputGradient`.
  @inlinable
  public static func rectifyWithSlopesGradient(
    _ outputGradient: Span<Float>, input: Span<Float>, slopes: Span<Float>,
    into inputGradient: inout MutableSpan<Float>
  ) {
    let channels = slopes.count
    precondition(
      channels > 0 && input.count.isMultiple(of: channels)
        && outputGradient.count == input.count && inputGradient.count == input.count,
      "rectifyWithSlopesGradient: lengths differ")
    let cells = input.count / channels
    outputGradient.withUnsafeBufferPointer { gradient in
      input.withUnsafeBufferPointer { input in
        slopes.withUnsafeBufferPointer { slopes in
          inputGradient.withUnsafeMutableBufferPointer { result in
            guard let gradient = gradient.baseAddress, let input = input.baseAddress,
              let slopes = slopes.baseAddress, let result = result.baseAddress
            else { return }
            ThreadPool.shared.parallelRuns(cells, length: max(1, 16384 / channels)) { run in
              for cell in run {
                let start = cell * channels
                Self.passCell(
                  gradient + start, input + start, slopes, channels, into: result + start)
              }
            }
          }
        }
      }
    }
  }

  @inlinable
  static func passCell(
    _ gradient: UnsafePointer<Float>, _ input: UnsafePointer<Float>,
    _ slopes: UnsafePointer<Float>, _ channels: Int, into result: UnsafeMutablePointer<Float>
  ) {
    var channel = 0
    while channel + Vector.width <= channels {
      let number = Vector.load(gradient + channel)
      (number * .load(slopes + channel)).replaced(
        by: number, where: Vector(repeating: 0), isLessThan: .load(input + channel)
      ).store(result + channel)
      channel += Vector.width
    }
    while channel < channels {
      let number = gradient[channel]
      result[channel] = input[channel] > 0 ? number : number * slopes[channel]
      channel += 1
    }
  }
}
