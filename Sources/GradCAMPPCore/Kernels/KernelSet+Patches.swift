// Patches: for each result cell, the source numbers under its taps, one row of terms per cell.
//
// Forward, tap t of output cell o lies on input cell `o * stride + t * dilation - padding`.
// For gradients the same equation is solved for o: input cell i was seen through tap t by the
// output cell `(i + padding - t * dilation) / stride`, if that is a whole number.

extension KernelSet {
  /// Writes the terms `terms` of the patches of `cells`, `termsPerBlock` numbers apart.
  @inlinable
  static func gatherPatches(
    _ source: UnsafePointer<Float>, _ step: ConvolutionStep, group: Int, cells: Range<Int>,
    terms: Range<Int>, into patches: UnsafeMutablePointer<Float>
  ) {
    let geometry = step.geometry, kernel = geometry.kernel
    let channels = step.filter.sourceChannels(step.direction)
    let pixel = channels * step.filter.groups
    let from = step.source
    let to = step.result
    for tap in terms.lowerBound / channels...(terms.upperBound - 1) / channels {
      let start = max(terms.lowerBound, tap * channels)
      let end = min(terms.upperBound, (tap + 1) * channels)
      let offset = group * channels + start - tap * channels
      let tapDepth = tap / (kernel.width * kernel.height)
      let tapHeight = tap / kernel.width % kernel.height
      let tapWidth = tap % kernel.width
      var column = cells.lowerBound % to.width
      var row = cells.lowerBound / to.width % to.height
      var slice = cells.lowerBound / (to.width * to.height) % to.depth
      var item = cells.lowerBound / to.count
      var patch = patches + (start - terms.lowerBound)
      for _ in cells {
        let z = step.sourceCoordinate(
          slice, tapDepth, geometry.stride.depth, geometry.dilation.depth, geometry.padding.depth)
        let y = step.sourceCoordinate(
          row, tapHeight, geometry.stride.height, geometry.dilation.height,
          geometry.padding.height)
        let x = step.sourceCoordinate(
          column, tapWidth, geometry.stride.width, geometry.dilation.width,
          geometry.padding.width)
        if z >= 0, z < from.depth, y >= 0, y < from.height, x >= 0, x < from.width {
          let cell = ((item * from.depth + z) * from.height + y) * from.width + x
          patch.update(from: source + cell * pixel + offset, count: end - start)
        } else {
          patch.update(repeating: 0, count: end - start)
        }
        patch += DirectLayout.termsPerBlock
        column += 1
        guard column == to.width else { continue }
        column = 0
        row += 1
        guard row == to.height else { continue }
        row = 0
        slice += 1
        guard slice == to.depth else { continue }
        slice = 0
        item += 1
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
}
