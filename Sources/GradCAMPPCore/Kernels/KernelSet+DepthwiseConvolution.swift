// Convolution of each channel by a filter of its own, in both directions.
//
// Nothing is summed over channels, so a register holds neighbouring channels of one result cell
// and the taps run by: one load of the source and one of the filter for each multiply-add. Where
// all taps of four neighbouring cells lie inside the source, the filter is loaded once for the
// four. The filter is (taps…, channels) as it comes. A task is a line of result cells.
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
    let extents = step.result
    ThreadPool.shared.parallel(step.geometry.batch * extents.depth * extents.height) { line, _ in
      let channels = step.filter.groups
      let target = result + line * extents.width * channels
      var channel = 0
      while channel < channels {
        if channels < Vector.width {
          depthwiseChannel(source, packed, step, finish, line: line, channel, into: target)
          channel += 1
        } else {
          let first = min(channel, channels - Vector.width)
          depthwiseChannels(source, packed, step, finish, line: line, first, into: target)
          channel += Vector.width
        }
      }
      activate(target, rows: extents.width, width: channels, stride: channels, finish)
    }
  }

  /// A register of channels of one result line.
  @inlinable
  static func depthwiseChannels(
    _ source: UnsafePointer<Float>, _ packed: UnsafePointer<Float>, _ step: ConvolutionStep,
    _ finish: Finish, line: Int, _ channel: Int,
    into target: UnsafeMutablePointer<Float>
  ) {
    let channels = step.filter.groups
    let width = step.result.width
    let start = finish.bias.map { Vector.load($0 + channel) } ?? Vector(repeating: 0)
    let inner = step.columnsInside
    var column = 0
    while column < width {
      let isWhole = column >= inner.lowerBound && column + 4 <= inner.upperBound
      var a = start, b = start, c = start, d = start
      forEachTap(step, line: line) { sourceLine, tap, tapWidth in
        let weights = Vector.load(packed + tap * channels + channel)
        let x = step.column(column, tapWidth)
        if isWhole {
          let next = step.columnStride * channels
          let cell = source + (sourceLine + x) * channels + channel
          a = a.addingProduct(.load(cell), weights)
          b = b.addingProduct(.load(cell + next), weights)
          c = c.addingProduct(.load(cell + 2 &* next), weights)
          d = d.addingProduct(.load(cell + 3 &* next), weights)
        } else if x >= 0, x < step.source.width {
          a = a.addingProduct(.load(source + (sourceLine + x) * channels + channel), weights)
        }
      }
      let cell = target + column * channels + channel
      Self.finish(a, finish, Vector.width, to: cell)
      if isWhole {
        Self.finish(b, finish, Vector.width, to: cell + channels)
        Self.finish(c, finish, Vector.width, to: cell + 2 &* channels)
        Self.finish(d, finish, Vector.width, to: cell + 3 &* channels)
      }
      column += isWhole ? 4 : 1
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

extension ConvolutionStep {
  /// The source column under a tap of a result column; outside the source when there is none.
  @inlinable @inline(__always)
  func column(_ result: Int, _ tap: Int) -> Int {
    sourceCoordinate(
      result, tap, geometry.stride.width, geometry.dilation.width, geometry.padding.width)
  }

  /// Source columns from a result column to the next, where one is under every tap.
  @inlinable var columnStride: Int { direction == .forward ? geometry.stride.width : 1 }

  /// The result columns all of whose taps lie on a source column; none where a gradient's taps
  /// skip columns.
  @inlinable var columnsInside: Range<Int> {
    guard direction == .forward || geometry.stride.width == 1 else { return 0..<0 }
    let reach = (geometry.kernel.width - 1) * geometry.dilation.width
    let (stride, padding) = (columnStride, geometry.padding.width)
    // Forward, column * stride - padding >= 0 and column * stride - padding + reach < width; back,
    // column + padding - reach >= 0 and column + padding < width.
    let before = direction == .forward ? padding : reach - padding
    let behind = direction == .forward ? reach - padding : padding
    let first = min(result.width, max(0, (before + stride - 1) / stride))
    let last = source.width - 1 - behind
    return first..<max(first, last < 0 ? first : min(result.width, last / stride + 1))
  }
}
