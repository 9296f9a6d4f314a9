// Max pooling over windows. Channels are innermost, so a vector of channels is compared at once and
// no shuffles are needed. Any window over one to three axes is served; after Winograd's way 2x2
// windows of even extents are pooled before they are stored (`KernelSet+WinogradTransforms.swift`).
// Bound by memory: forward at 67-102 % of its measured speed; a task is one row of output cells.

extension KernelSet {
  /// Takes the largest value of each window and channel.
  ///
  /// Cells outside the input do not count; a window that lies outside altogether gives 0, one that
  /// holds NaN or infinity gives NaN.
  @inlinable
  public static func maxPool(
    _ input: Span<Float>, _ geometry: WindowGeometry, channels: Int,
    into output: inout MutableSpan<Float>
  ) {
    precondition(
      input.count == geometry.batch * geometry.input.count * channels
        && output.count == geometry.batch * geometry.output.count * channels,
      "maxPool: lengths do not fit the geometry")
    let lines = geometry.batch * geometry.output.depth * geometry.output.height
    input.withUnsafeBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        guard let input = input.baseAddress, let output = output.baseAddress else { return }
        ThreadPool.shared.parallel(lines) { line, _ in
          Self.poolLine(line, input, geometry, channels, into: output)
        }
      }
    }
  }

  /// One row of output cells.
  @inlinable
  static func poolLine(
    _ line: Int, _ input: UnsafePointer<Float>, _ geometry: WindowGeometry, _ channels: Int,
    into output: UnsafeMutablePointer<Float>
  ) {
    for column in 0..<geometry.output.width {
      let result = output + (line * geometry.output.width + column) * channels
      var channel = 0
      while channel + Vector.width <= channels {
        var largest = Vector(repeating: -.greatestFiniteMagnitude)
        var isEmpty = true
        geometry.forEachTap(line: line, column: column) { cell in
          largest = largest.larger(.load(input + cell * channels + channel))
          isEmpty = false
        }
        (isEmpty ? Vector(repeating: 0) : largest).store(result + channel)
        channel += Vector.width
      }
      while channel < channels {
        var largest = -Float.greatestFiniteMagnitude
        var isEmpty = true
        geometry.forEachTap(line: line, column: column) { cell in
          let number = input[cell * channels + channel]
          largest = (number > largest ? number : largest) + (number - number)
          isEmpty = false
        }
        result[channel] = isEmpty ? 0 : largest
        channel += 1
      }
    }
  }

  /// Gives each window's gradient to the first of its cells that holds the largest value.
  ///
  /// First means first in row order, as in TensorFlow. Gradients of overlapping windows add.
  @inlinable
  public static func maxPoolGradient(
    _ outputGradient: Span<Float>, input: Span<Float>, output: Span<Float>,
    _ geometry: WindowGeometry, channels: Int, into inputGradient: inout MutableSpan<Float>
  ) {
    precondition(
      input.count == geometry.batch * geometry.input.count * channels
        && output.count == geometry.batch * geometry.output.count * channels
        && outputGradient.count == output.count && inputGradient.count == input.count,
      "maxPoolGradient: lengths do not fit the geometry")
    let lines = geometry.batch * geometry.output.depth * geometry.output.height
    outputGradient.withUnsafeBufferPointer { gradient in
      input.withUnsafeBufferPointer { input in
        output.withUnsafeBufferPointer { output in
          inputGradient.withUnsafeMutableBufferPointer { result in
            guard let gradient = gradient.baseAddress, let input = input.baseAddress,
              let output = output.baseAddress, let result = result.baseAddress
            else { return }
            if !geometry.isTiling {
              ThreadPool.shared.parallelRuns(geometry.batch * geometry.input.count * channels) {
                Self.clear($0, result)
              }
            }
            // Lines of overlapping windows write to the same cells: one task then.
            let linesPerTask = geometry.isDisjoint ? 1 : max(lines, 1)
            ThreadPool.shared.parallel((lines + linesPerTask - 1) / linesPerTask) { task, _ in
              for line in task * linesPerTask..<min(lines, (task + 1) * linesPerTask) {
                Self.spreadLine(line, gradient, input, output, geometry, channels, into: result)
              }
            }
          }
        }
      }
    }
  }

  @inlinable
  static func clear(_ run: Range<Int>, _ numbers: UnsafeMutablePointer<Float>) {
    (numbers + run.lowerBound).update(repeating: 0, count: run.count)
  }

  /// The windows of one row of output cells.
  @inlinable
  static func spreadLine(
    _ line: Int, _ gradient: UnsafePointer<Float>, _ input: UnsafePointer<Float>,
    _ output: UnsafePointer<Float>, _ geometry: WindowGeometry, _ channels: Int,
    into result: UnsafeMutablePointer<Float>
  ) {
    for column in 0..<geometry.output.width {
      let window = (line * geometry.output.width + column) * channels
      spreadWindow(
        gradient + window, output + window, input, channels, isAlone: geometry.isTiling,
        into: result
      ) {
        geometry.forEachTap(line: line, column: column, $0)
      }
    }
  }

  /// One window: a vector of channels at a time, each channel's gradient goes to its first match.
  @inlinable @inline(__always)
  static func spreadWindow(
    _ gradient: UnsafePointer<Float>, _ largest: UnsafePointer<Float>,
    _ input: UnsafePointer<Float>, _ channels: Int, isAlone: Bool,
    into result: UnsafeMutablePointer<Float>, forEachTap: ((Int) -> Void) -> Void
  ) {
    var channel = 0
    while channel + Vector.width <= channels {
      var pending = Vector.load(gradient + channel)
      let top = Vector.load(largest + channel)
      forEachTap { cell in
        let offset = cell * channels + channel
        let share = Vector.load(input + offset).taking(&pending, where: top)
        (isAlone ? share : share + .load(result + offset)).store(result + offset)
      }
      channel += Vector.width
    }
    while channel < channels {
      var isPending = true
      forEachTap { cell in
        let offset = cell * channels + channel
        let isTaken = isPending && input[offset] == largest[channel]
        result[offset] = (isAlone ? 0 : result[offset]) + (isTaken ? gradient[channel] : 0)
        if isTaken { isPending = false }
      }
      channel += 1
    }
  }
}

extension WindowGeometry {
  /// Calls `body` with the input cell under each tap of the window at `column` of output line
  /// `line` (batch, depth and height in one number), in row order, taps outside left out.
  @inlinable @inline(__always)
  func forEachTap(line: Int, column: Int, _ body: (_ cell: Int) -> Void) {
    let row = line % output.height
    let slice = line / output.height % output.depth
    let item = line / output.height / output.depth
    for tapDepth in 0..<kernel.depth {
      let z = slice * stride.depth + tapDepth * dilation.depth - padding.depth
      guard z >= 0, z < input.depth else { continue }
      for tapHeight in 0..<kernel.height {
        let y = row * stride.height + tapHeight * dilation.height - padding.height
        guard y >= 0, y < input.height else { continue }
        for tapWidth in 0..<kernel.width {
          let x = column * stride.width + tapWidth * dilation.width - padding.width
          guard x >= 0, x < input.width else { continue }
          body(((item * input.depth + z) * input.height + y) * input.width + x)
        }
      }
    }
  }
}
