// Convolution of each channel by a filter of its own, in both directions.
//
// Nothing is summed over channels, so a register holds neighbouring channels of one result cell
// and the taps run by. Forward, and back where the stride is 1, the taps that lie inside the source
// are a box, found once for a cell; where all columns of it serve four neighbouring cells, those are
// computed together and the filter is loaded once for the four: five loads for four multiply-adds.
// The filter is (taps…, channels) as it comes. A task is a line of result cells and some channels.
//
// The last channels, where they do not fill a register, are computed by one that overlaps those
// before; fewer channels than a register holds are computed one by one.

extension KernelSet {
  /// Shares the result lines of a depthwise convolution out.
  @inlinable
  static func convolveDepthwise(
    _ source: UnsafePointer<Float>, _ packed: UnsafePointer<Float>, _ step: ConvolutionStep,
    _ finish: Finish, _ result: UnsafeMutablePointer<Float>
  ) {
    let extents = step.result, channels = step.filter.groups
    let lines = step.geometry.batch * extents.depth * extents.height
    // Enough channels for long stretches of memory; the last part takes the rest.
    let parts = max(1, channels / 256)
    let partWidth = channels / parts / 16 * 16
    ThreadPool.shared.parallel(lines * parts) { task, _ in
      let line = task / parts, part = task % parts
      let first = part * partWidth
      let end = part == parts - 1 ? channels : first + partWidth
      let target = result + line * extents.width * channels
      if channels < Vector.width {
        for channel in 0..<channels {
          depthwiseChannel(source, packed, step, finish, line: line, channel, into: target)
        }
      } else if step.hasTapBoxes {
        depthwiseBoxes(source, packed, step, finish, line: line, first..<end, into: target)
      } else {
        var channel = first
        while channel < end {
          depthwiseChannels(
            source, packed, step, finish, line: line, min(channel, end - Vector.width),
            into: target)
          channel += Vector.width
        }
      }
      activate(
        target + first, rows: extents.width, width: end - first, stride: channels, finish)
    }
  }

  /// A register of channels of one result line, where a gradient's taps skip cells.
  @inlinable
  static func depthwiseChannels(
    _ source: UnsafePointer<Float>, _ packed: UnsafePointer<Float>, _ step: ConvolutionStep,
    _ finish: Finish, line: Int, _ channel: Int,
    into target: UnsafeMutablePointer<Float>
  ) {
    let channels = step.filter.groups
    let start = finish.bias.map { Vector.load($0 + channel) } ?? Vector(repeating: 0)
    for column in 0..<step.result.width {
      var sum = start
      forEachTap(step, line: line) { sourceLine, tap, tapWidth in
        let x = step.column(column, tapWidth)
        guard x >= 0, x < step.source.width else { return }
        sum = sum.addingProduct(
          .load(source + (sourceLine + x) * channels + channel),
          .load(packed + tap * channels + channel))
      }
      Self.finish(sum, finish, Vector.width, to: target + column * channels + channel)
    }
  }

  /// One channel of one result line.
  @inlinable
  static func depthwiseChannel(
    _ source: UnsafePointer<Float>, _ packed: UnsafePointer<Float>, _ step: ConvolutionStep,
    _ finish: Finish, line: Int, _ channel: Int,
    into target: UnsafeMutablePointer<Float>
  ) {
    let channels = step.filter.groups
    for column in 0..<step.result.width {
      var sum = finish.bias.map { $0[channel] } ?? 0
      forEachTap(step, line: line) { sourceLine, tap, tapWidth in
        let x = step.column(column, tapWidth)
        guard x >= 0, x < step.source.width else { return }
        sum += source[(sourceLine + x) * channels + channel] * packed[tap * channels + channel]
      }
      Self.finish(Vector(repeating: sum), finish, 1, to: target + column * channels + channel)
    }
  }

  /// Calls `body` with every tap whose depth and height lie inside the source: the first cell of
  /// the source line under it, the tap, and its place along the width.
  @inlinable @inline(__always)
  static func forEachTap(
    _ step: ConvolutionStep, line: Int, _ body: (_ line: Int, _ tap: Int, _ tapWidth: Int) -> Void
  ) {
    let geometry = step.geometry, kernel = geometry.kernel, from = step.source
    let row = line % step.result.height
    let slice = line / step.result.height % step.result.depth
    let item = line / (step.result.height * step.result.depth)
    for tapDepth in 0..<kernel.depth {
      let z = step.sourceCoordinate(
        slice, tapDepth, geometry.stride.depth, geometry.dilation.depth, geometry.padding.depth)
      guard z >= 0, z < from.depth else { continue }
      for tapHeight in 0..<kernel.height {
        let y = step.sourceCoordinate(
          row, tapHeight, geometry.stride.height, geometry.dilation.height,
          geometry.padding.height)
        guard y >= 0, y < from.height else { continue }
        let sourceLine = ((item * from.depth + z) * from.height + y) * from.width
        for tapWidth in 0..<kernel.width {
          body(
            sourceLine, (tapDepth * kernel.height + tapHeight) * kernel.width + tapWidth, tapWidth)
        }
      }
    }
  }
}
