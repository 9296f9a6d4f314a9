// The innermost loop of convolutions whose rows are evenly spaced: a tile of `tileRows` x
// `panelWidth` results stays in registers while the terms of their sums run by. Each term loads two
// vectors of the panel and broadcasts one number of each row: with 8 rows of two vectors, 16
// multiply-adds for 10 loads.
//
// Filters of many channels come from memory, each panel once. Every term asks for one cache line
// of the panel to come, so that the wait for memory passes under the arithmetic.

import CProcessor

extension KernelSet {
  /// `tile = rows x panel`, `tileRows` rows that lie `rowStride` apart, results `tileStride` apart;
  /// `terms` cache lines from `ahead` on are asked for.
  @inlinable @inline(__always)
  static func multiplyTile(
    _ rows: UnsafePointer<Float>, rowStride: Int, _ panel: UnsafePointer<Float>, terms: Int,
    ahead: UnsafePointer<Float>, into tile: UnsafeMutablePointer<Float>, tileStride: Int
  ) {
    if tileRows == 8 {
      multiplyTile8(rows, rowStride, panel, terms, ahead, tile, tileStride)
    } else {
      multiplyTile6(rows, rowStride, panel, terms, ahead, tile, tileStride)
    }
  }

  @inlinable @inline(never)
  static func multiplyTile6(
    _ rows: UnsafePointer<Float>, _ rowStride: Int, _ panel: UnsafePointer<Float>, _ terms: Int,
    _ ahead: UnsafePointer<Float>, _ tile: UnsafeMutablePointer<Float>, _ tileStride: Int
  ) {
    let zero = Vector(repeating: 0)
    var a0 = zero, a1 = zero, b0 = zero, b1 = zero, c0 = zero, c1 = zero
    var d0 = zero, d1 = zero, e0 = zero, e1 = zero, f0 = zero, f1 = zero
    var row = rows
    var weights = panel
    var next = ahead
    for _ in 0..<terms {
      gcpp_prefetch(next)
      next += 16
      let w0 = Vector.load(weights), w1 = Vector.load(weights + Vector.width)
      var x = Vector(repeating: row[0])
      a0 = a0.addingProduct(x, w0)
      a1 = a1.addingProduct(x, w1)
      x = Vector(repeating: row[rowStride])
      b0 = b0.addingProduct(x, w0)
      b1 = b1.addingProduct(x, w1)
      x = Vector(repeating: row[2 &* rowStride])
      c0 = c0.addingProduct(x, w0)
      c1 = c1.addingProduct(x, w1)
      x = Vector(repeating: row[3 &* rowStride])
      d0 = d0.addingProduct(x, w0)
      d1 = d1.addingProduct(x, w1)
      x = Vector(repeating: row[4 &* rowStride])
      e0 = e0.addingProduct(x, w0)
      e1 = e1.addingProduct(x, w1)
      x = Vector(repeating: row[5 &* rowStride])
      f0 = f0.addingProduct(x, w0)
      f1 = f1.addingProduct(x, w1)
      row += 1
      weights += panelWidth
    }
    store(a0, a1, tile)
    store(b0, b1, tile + tileStride)
    store(c0, c1, tile + 2 &* tileStride)
    store(d0, d1, tile + 3 &* tileStride)
    store(e0, e1, tile + 4 &* tileStride)
    store(f0, f1, tile + 5 &* tileStride)
  }

  @inlinable @inline(never)
  static func multiplyTile8(
    _ rows: UnsafePointer<Float>, _ rowStride: Int, _ panel: UnsafePointer<Float>, _ terms: Int,
    _ ahead: UnsafePointer<Float>, _ tile: UnsafeMutablePointer<Float>, _ tileStride: Int
  ) {
    let zero = Vector(repeating: 0)
    var a0 = zero, a1 = zero, b0 = zero, b1 = zero, c0 = zero, c1 = zero, d0 = zero, d1 = zero
    var e0 = zero, e1 = zero, f0 = zero, f1 = zero, g0 = zero, g1 = zero, h0 = zero, h1 = zero
    var row = rows
    var lower = rows + 4 &* rowStride
    var weights = panel
    var next = ahead
    for _ in 0..<terms {
      gcpp_prefetch(next)
      next += 16
      let w0 = Vector.load(weights), w1 = Vector.load(weights + Vector.width)
      var x = Vector(repeating: row[0])
      a0 = a0.addingProduct(x, w0)
      a1 = a1.addingProduct(x, w1)
      x = Vector(repeating: row[rowStride])
      b0 = b0.addingProduct(x, w0)
      b1 = b1.addingProduct(x, w1)
      x = Vector(repeating: row[2 &* rowStride])
      c0 = c0.addingProduct(x, w0)
      c1 = c1.addingProduct(x, w1)
      x = Vector(repeating: row[3 &* rowStride])
      d0 = d0.addingProduct(x, w0)
      d1 = d1.addingProduct(x, w1)
      x = Vector(repeating: lower[0])
      e0 = e0.addingProduct(x, w0)
      e1 = e1.addingProduct(x, w1)
      x = Vector(repeating: lower[rowStride])
      f0 = f0.addingProduct(x, w0)
      f1 = f1.addingProduct(x, w1)
      x = Vector(repeating: lower[2 &* rowStride])
      g0 = g0.addingProduct(x, w0)
      g1 = g1.addingProduct(x, w1)
      x = Vector(repeating: lower[3 &* rowStride])
      h0 = h0.addingProduct(x, w0)
      h1 = h1.addingProduct(x, w1)
      row += 1
      lower += 1
      weights += panelWidth
    }
    store(a0, a1, tile)
    store(b0, b1, tile + tileStride)
    store(c0, c1, tile + 2 &* tileStride)
    store(d0, d1, tile + 3 &* tileStride)
    store(e0, e1, tile + 4 &* tileStride)
    store(f0, f1, tile + 5 &* tileStride)
    store(g0, g1, tile + 6 &* tileStride)
    store(h0, h1, tile + 7 &* tileStride)
  }

  @inlinable @inline(__always)
  static func store(_ left: Vector, _ right: Vector, _ address: UnsafeMutablePointer<Float>) {
    left.store(address)
    right.store(address + Vector.width)
  }
}
