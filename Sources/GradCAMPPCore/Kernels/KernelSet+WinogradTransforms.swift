// The three transforms of `KernelSet+Winograd.swift`. Channels are innermost, so each works on a
// vector of channels at a time and needs no shuffles: six rows, then six columns.

extension KernelSet {
  /// Writes `Bᵀ d B` of one tile: 36 positions, `sourceStride` apart.
  @inlinable
  static func transformTile(
    _ source: UnsafePointer<Float>, _ step: ConvolutionStep, _ layout: WinogradLayout,
    _ tile: Int, patch: UnsafeMutablePointer<Float>, into positions: UnsafeMutablePointer<Float>
  ) {
    let channels = layout.sourceChannels
    let extents = step.source
    let padding = step.winogradPadding
    let slice = tile / (layout.tilesHigh * layout.tilesWide)
    let top = tile / layout.tilesWide % layout.tilesHigh * 4 - padding.height
    let left = tile % layout.tilesWide * 4 - padding.width
    let picture = source + slice * extents.height * extents.width * channels
    guard top >= 0, left >= 0, top + 6 <= extents.height, left + 6 <= extents.width else {
      // A tile over the edge is copied first, zeros around it.
      for row in 0..<6 {
        for column in 0..<6 {
          let (y, x) = (top + row, left + column)
          let cell = patch + (row * 6 + column) * channels
          if y >= 0, y < extents.height, x >= 0, x < extents.width {
            cell.update(from: picture + (y * extents.width + x) * channels, count: channels)
          } else {
            cell.update(repeating: 0, count: channels)
          }
        }
      }
      return transformCells(
        patch, rowStride: 6 * channels, channels, into: positions, layout.sourceStride)
    }
    transformCells(
      picture + (top * extents.width + left) * channels, rowStride: extents.width * channels,
      channels, into: positions, layout.sourceStride)
  }

  @inlinable @inline(__always)
  static func transformCells(
    _ cells: UnsafePointer<Float>, rowStride: Int, _ channels: Int,
    into positions: UnsafeMutablePointer<Float>, _ stride: Int
  ) {
    var channel = 0
    while channel < channels {
      let cell = cells + channel
      let c0 = transformColumn(cell, rowStride)
      let c1 = transformColumn(cell + channels, rowStride)
      let c2 = transformColumn(cell + 2 &* channels, rowStride)
      let c3 = transformColumn(cell + 3 &* channels, rowStride)
      let c4 = transformColumn(cell + 4 &* channels, rowStride)
      let c5 = transformColumn(cell + 5 &* channels, rowStride)
      let row = positions + channel
      transformRow(c0.0, c1.0, c2.0, c3.0, c4.0, c5.0, row, stride)
      transformRow(c0.1, c1.1, c2.1, c3.1, c4.1, c5.1, row + 6 &* stride, stride)
      transformRow(c0.2, c1.2, c2.2, c3.2, c4.2, c5.2, row + 12 &* stride, stride)
      transformRow(c0.3, c1.3, c2.3, c3.3, c4.3, c5.3, row + 18 &* stride, stride)
      transformRow(c0.4, c1.4, c2.4, c3.4, c4.4, c5.4, row + 24 &* stride, stride)
      transformRow(c0.5, c1.5, c2.5, c3.5, c4.5, c5.5, row + 30 &* stride, stride)
      channel &+= Vector.width
    }
  }

  @inlinable @inline(__always)
  static func transformColumn(
    _ cell: UnsafePointer<Float>, _ stride: Int
  ) -> (Vector, Vector, Vector, Vector, Vector, Vector) {
    sourceTransform(
      .load(cell), .load(cell + stride), .load(cell + 2 &* stride), .load(cell + 3 &* stride),
      .load(cell + 4 &* stride), .load(cell + 5 &* stride))
  }

  @inlinable @inline(__always)
  static func transformRow(
    _ x0: Vector, _ x1: Vector, _ x2: Vector, _ x3: Vector, _ x4: Vector, _ x5: Vector,
    _ position: UnsafeMutablePointer<Float>, _ stride: Int
  ) {
    let r = sourceTransform(x0, x1, x2, x3, x4, x5)
    r.0.store(position)
    r.1.store(position + stride)
    r.2.store(position + 2 &* stride)
    r.3.store(position + 3 &* stride)
    r.4.store(position + 4 &* stride)
    r.5.store(position + 5 &* stride)
  }

  /// `Bᵀ x`.
  @inlinable @inline(__always)
  static func sourceTransform(
    _ x0: Vector, _ x1: Vector, _ x2: Vector, _ x3: Vector, _ x4: Vector, _ x5: Vector
  ) -> (Vector, Vector, Vector, Vector, Vector, Vector) {
    let four = Vector(repeating: 4), minusFour = Vector(repeating: -4)
    let minusFive = Vector(repeating: -5), two = Vector(repeating: 2)
    let even = x4.addingProduct(minusFour, x2), odd = x3.addingProduct(minusFour, x1)
    let difference = x4 - x2, twice = (x3 - x1) * two
    return (
      x4.addingProduct(minusFive, x2).addingProduct(four, x0), even + odd, even - odd,
      difference + twice, difference - twice,
      x5.addingProduct(minusFive, x3).addingProduct(four, x1)
    )
  }

  /// Writes `Aᵀ m A` of one tile, plus bias, then the epilogue, cut off at the edge.
  @inlinable
  static func finishTile(
    _ products: UnsafePointer<Float>, _ step: ConvolutionStep, _ layout: WinogradLayout,
    _ tile: Int, _ finish: Finish, into result: UnsafeMutablePointer<Float>
  ) {
    let channels = step.filter.resultChannels(step.direction)
    let extents = step.written
    let side = step.epilogue.pools ? 2 : 4
    let slice = tile / (layout.tilesHigh * layout.tilesWide)
    let top = tile / layout.tilesWide % layout.tilesHigh * side
    let left = tile % layout.tilesWide * side
    let rows = min(side, extents.height - top), columns = min(side, extents.width - left)
    let corner =
      result + ((slice * extents.height + top) * extents.width + left) * channels
    let stride = layout.productStride
    let rowStride = extents.width * channels
    var channel = 0
    while channel < channels {
      let m = products + channel
      let c0 = finishColumn(m, stride), c1 = finishColumn(m + stride, stride)
      let c2 = finishColumn(m + 2 &* stride, stride), c3 = finishColumn(m + 3 &* stride, stride)
      let c4 = finishColumn(m + 4 &* stride, stride), c5 = finishColumn(m + 5 &* stride, stride)
      let offset = finish.bias.map { Vector.load($0 + channel) } ?? Vector(repeating: 0)
      let cell = corner + channel
      let r0 = finishRow(c0.0, c1.0, c2.0, c3.0, c4.0, c5.0, offset)
      let r1 = finishRow(c0.1, c1.1, c2.1, c3.1, c4.1, c5.1, offset)
      let r2 = finishRow(c0.2, c1.2, c2.2, c3.2, c4.2, c5.2, offset)
      let r3 = finishRow(c0.3, c1.3, c2.3, c3.3, c4.3, c5.3, offset)
      if step.epilogue.pools {
        let rectifier = finish.rectifier
        storePooled(rectified(r0, rectifier), rectified(r1, rectifier), columns, channels, to: cell)
        if rows > 1 {
          storePooled(
            rectified(r2, rectifier), rectified(r3, rectifier), columns, channels,
            to: cell + rowStride)
        }
      } else {
        store(r0, finish, columns, channels, to: cell)
        if rows > 1 { store(r1, finish, columns, channels, to: cell + rowStride) }
        if rows > 2 { store(r2, finish, columns, channels, to: cell + 2 &* rowStride) }
        if rows > 3 { store(r3, finish, columns, channels, to: cell + 3 &* rowStride) }
      }
      channel &+= Vector.width
    }
    for row in 0..<rows {
      activate(
        corner + row * rowStride, rows: columns, width: channels, stride: channels, finish)
    }
  }

  @inlinable @inline(__always)
  static func finishColumn(
    _ product: UnsafePointer<Float>, _ stride: Int
  ) -> (Vector, Vector, Vector, Vector) {
    resultTransform(
      .load(product), .load(product + 6 &* stride), .load(product + 12 &* stride),
      .load(product + 18 &* stride), .load(product + 24 &* stride), .load(product + 30 &* stride))
  }

  /// Four neighbouring results.
  @usableFromInline typealias Quartet = (Vector, Vector, Vector, Vector)

  @inlinable @inline(__always)
  static func finishRow(
    _ x0: Vector, _ x1: Vector, _ x2: Vector, _ x3: Vector, _ x4: Vector, _ x5: Vector,
    _ offset: Vector
  ) -> Quartet {
    let r = resultTransform(x0, x1, x2, x3, x4, x5)
    return (r.0 + offset, r.1 + offset, r.2 + offset, r.3 + offset)
  }

  @inlinable @inline(__always)
  static func rectified(_ row: Quartet, _ rectifier: Rectifier) -> Quartet {
    (rectifier(row.0), rectifier(row.1), rectifier(row.2), rectifier(row.3))
  }

  /// Stores the first `columns` cells of a row.
  @inlinable @inline(__always)
  static func store(
    _ row: Quartet, _ finish: Finish, _ columns: Int, _ stride: Int,
    to cell: UnsafeMutablePointer<Float>
  ) {
    let width = Vector.width
    Self.finish(row.0, finish, width, to: cell)
    if columns > 1 { Self.finish(row.1, finish, width, to: cell + stride) }
    if columns > 2 { Self.finish(row.2, finish, width, to: cell + 2 &* stride) }
    if columns > 3 { Self.finish(row.3, finish, width, to: cell + 3 &* stride) }
  }

  /// Stores the largest of each 2x2 cells of two rows, compared in the order of
  /// `KernelSet+MaxPooling.swift`.
  @inlinable @inline(__always)
  static func storePooled(
    _ upper: Quartet, _ lower: Quartet, _ columns: Int, _ stride: Int,
    to cell: UnsafeMutablePointer<Float>
  ) {
    let least = Vector(repeating: -.greatestFiniteMagnitude)
    least.larger(upper.0).larger(upper.1).larger(lower.0).larger(lower.1).store(cell)
    guard columns > 1 else { return }
    least.larger(upper.2).larger(upper.3).larger(lower.2).larger(lower.3).store(cell + stride)
  }

  /// `Aᵀ x`.
  @inlinable @inline(__always)
  static func resultTransform(
    _ x0: Vector, _ x1: Vector, _ x2: Vector, _ x3: Vector, _ x4: Vector, _ x5: Vector
  ) -> (Vector, Vector, Vector, Vector) {
    let two = Vector(repeating: 2), four = Vector(repeating: 4), eight = Vector(repeating: 8)
    let sum = x1 + x2, difference = x1 - x2, outerSum = x3 + x4, outerDifference = x3 - x4
    return (
      x0 + sum + outerSum, difference.addingProduct(two, outerDifference),
      sum.addingProduct(four, outerSum), (difference + x5).addingProduct(eight, outerDifference)
    )
  }
}

extension ConvolutionStep {
  /// Cells that a tile begins before its first result cell.
  @inlinable var winogradPadding: Extents {
    direction == .forward
      ? geometry.padding
      : Extents(
        depth: 0, height: 2 - geometry.padding.height, width: 2 - geometry.padding.width)
  }
}
