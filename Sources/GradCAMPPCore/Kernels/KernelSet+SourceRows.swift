// Where the taps of result cells lie in the source.
//
// Forward, tap t of output cell o lies on input cell `o * stride + t * dilation - padding`.
// For gradients the same equation is solved for o: input cell i was seen through tap t by the
// output cell `(i + padding - t * dilation) / stride`, if that is a whole number.

extension KernelSet {
  /// Writes, for each register tile of `cells`, for each tap, where its rows begin in the source.
  ///
  /// That is `zeros` where a tap lies outside, and in the rows past the last cell. `source` is the
  /// first channel of a group.
  @inlinable
  static func noteRows(
    _ source: UnsafePointer<Float>, _ step: ConvolutionStep, cells: Range<Int>,
    zeros: UnsafePointer<Float>, into rows: UnsafeMutablePointer<UnsafePointer<Float>>
  ) {
    let geometry = step.geometry, taps = step.filter.kernel.count
    let pixel = step.filter.sourceChannels(step.direction) * step.filter.groups
    let to = step.result
    let isOneToOne =
      taps == 1 && geometry.stride == .one && geometry.input == geometry.output
    var column = cells.lowerBound % to.width
    var row = cells.lowerBound / to.width % to.height
    var slice = cells.lowerBound / (to.width * to.height) % to.depth
    var item = cells.lowerBound / to.count
    var tileRow = 0
    var target = rows
    for cell in cells {
      if isOneToOne {
        target[0] = source + cell * pixel
      } else {
        noteTaps(
          source, step, pixel: pixel, item: item, slice: slice, row: row, column: column,
          zeros: zeros, into: target)
        column += 1
        if column == to.width { (column, row) = (0, row + 1) }
        if row == to.height { (row, slice) = (0, slice + 1) }
        if slice == to.depth { (slice, item) = (0, item + 1) }
      }
      target += 1
      tileRow += 1
      if tileRow == tileRows {
        target += (taps - 1) * tileRows
        tileRow = 0
      }
    }
    guard tileRow > 0 else { return }
    for missing in 0..<tileRows - tileRow {
      for tap in 0..<taps { target[tap * tileRows + missing] = zeros }
    }
  }

  /// The addresses under the taps of one result cell, `tileRows` places apart.
  @inlinable @inline(__always)
  static func noteTaps(
    _ source: UnsafePointer<Float>, _ step: ConvolutionStep, pixel: Int, item: Int, slice: Int,
    row: Int, column: Int, zeros: UnsafePointer<Float>,
    into rows: UnsafeMutablePointer<UnsafePointer<Float>>
  ) {
    let geometry = step.geometry, kernel = geometry.kernel, from = step.source
    var target = rows
    for tapDepth in 0..<kernel.depth {
      let z = step.sourceCoordinate(
        slice, tapDepth, geometry.stride.depth, geometry.dilation.depth, geometry.padding.depth)
      for tapHeight in 0..<kernel.height {
        let y = step.sourceCoordinate(
          row, tapHeight, geometry.stride.height, geometry.dilation.height,
          geometry.padding.height)
        let isInside = z >= 0 && z < from.depth && y >= 0 && y < from.height
        let line = source + ((item * from.depth + z) * from.height + y) * from.width * pixel
        for tapWidth in 0..<kernel.width {
          let x = step.column(column, tapWidth)
          target[0] = isInside && x >= 0 && x < from.width ? line + x * pixel : zeros
          target += tileRows
        }
      }
    }
  }
}

extension ConvolutionStep {
  /// The source coordinate that a result coordinate reads through a tap; -1 when there is none.
  @inlinable @inline(__always)
  func sourceCoordinate(
    _ result: Int, _ tap: Int, _ stride: Int, _ dilation: Int, _ padding: Int
  ) -> Int {
    guard direction == .gradient else { return result * stride + tap * dilation - padding }
    let position = result + padding - tap * dilation
    guard stride > 1 else { return position }
    return position >= 0 && position % stride == 0 ? position / stride : -1
  }

  /// The source column under a tap of a result column; outside the source when there is none.
  @inlinable @inline(__always)
  func column(_ result: Int, _ tap: Int) -> Int {
    sourceCoordinate(
      result, tap, geometry.stride.width, geometry.dilation.width, geometry.padding.width)
  }
}
