// The innermost loop of direct convolution: as `multiplyTile` in KernelSet+MatrixProduct.swift, but
// each row of a tap lies anywhere. The loop over a tap's terms runs over rows and panel side by side.

import CProcessor

extension KernelSet {
  /// `tile = Σ rows x panel` over taps, `rows` being the addresses of `tileRows` rows for each tap.
  ///
  /// Columns of the tile past `columns` are left as they are, if they fill a register.
  @inlinable @inline(__always)
  static func multiplyRows(
    _ rows: UnsafePointer<UnsafePointer<Float>>, taps: Int, terms: Int,
    _ panel: UnsafePointer<Float>, columns: Int, ahead: UnsafePointer<Float>,
    into tile: UnsafeMutablePointer<Float>
  ) {
    if columns > Vector.width {
      multiplyWholeRows(rows, taps, terms, panel, ahead, tile)
    } else {
      multiplyHalfRows(rows, taps, terms, panel, ahead, tile)
    }
  }

  @inlinable @inline(never)
  static func multiplyWholeRows(
    _ rows: UnsafePointer<UnsafePointer<Float>>, _ taps: Int, _ terms: Int,
    _ panel: UnsafePointer<Float>, _ ahead: UnsafePointer<Float>,
    _ tile: UnsafeMutablePointer<Float>
  ) {
    let zero = Vector(repeating: 0)
    var a0 = zero, a1 = zero, b0 = zero, b1 = zero, c0 = zero, c1 = zero, d0 = zero, d1 = zero
    var e0 = zero, e1 = zero, f0 = zero, f1 = zero, g0 = zero, g1 = zero, h0 = zero, h1 = zero
    var weights = panel
    var next = ahead
    var tap = rows
    for _ in 0..<taps {
      let a = tap[0], b = tap[1], c = tap[2], d = tap[3], e = tap[4], f = tap[5]
      let g = tileRows == 8 ? tap[6] : a, h = tileRows == 8 ? tap[7] : a
      for term in 0..<terms {
        gcpp_prefetch(next)
        next += 16
        let w0 = Vector.load(weights), w1 = Vector.load(weights + Vector.width)
        weights += panelWidth
        var x = Vector(repeating: a[term])
        a0 = a0.addingProduct(x, w0)
        a1 = a1.addingProduct(x, w1)
        x = Vector(repeating: b[term])
        b0 = b0.addingProduct(x, w0)
        b1 = b1.addingProduct(x, w1)
        x = Vector(repeating: c[term])
        c0 = c0.addingProduct(x, w0)
        c1 = c1.addingProduct(x, w1)
        x = Vector(repeating: d[term])
        d0 = d0.addingProduct(x, w0)
        d1 = d1.addingProduct(x, w1)
        x = Vector(repeating: e[term])
        e0 = e0.addingProduct(x, w0)
        e1 = e1.addingProduct(x, w1)
        x = Vector(repeating: f[term])
        f0 = f0.addingProduct(x, w0)
        f1 = f1.addingProduct(x, w1)
        guard tileRows == 8 else { continue }
        x = Vector(repeating: g[term])
        g0 = g0.addingProduct(x, w0)
        g1 = g1.addingProduct(x, w1)
        x = Vector(repeating: h[term])
        h0 = h0.addingProduct(x, w0)
        h1 = h1.addingProduct(x, w1)
      }
      tap += tileRows
    }
    store(a0, a1, tile)
    store(b0, b1, tile + panelWidth)
    store(c0, c1, tile + 2 &* panelWidth)
    store(d0, d1, tile + 3 &* panelWidth)
    store(e0, e1, tile + 4 &* panelWidth)
    store(f0, f1, tile + 5 &* panelWidth)
    guard tileRows == 8 else { return }
    store(g0, g1, tile + 6 &* panelWidth)
    store(h0, h1, tile + 7 &* panelWidth)
  }

  /// The first half of the columns.
  @inlinable @inline(never)
  static func multiplyHalfRows(
    _ rows: UnsafePointer<UnsafePointer<Float>>, _ taps: Int, _ terms: Int,
    _ panel: UnsafePointer<Float>, _ ahead: UnsafePointer<Float>,
    _ tile: UnsafeMutablePointer<Float>
  ) {
    let zero = Vector(repeating: 0)
    var a0 = zero, b0 = zero, c0 = zero, d0 = zero, e0 = zero, f0 = zero, g0 = zero, h0 = zero
    var weights = panel
    var next = ahead
    var tap = rows
    for _ in 0..<taps {
      let a = tap[0], b = tap[1], c = tap[2], d = tap[3], e = tap[4], f = tap[5]
      let g = tileRows == 8 ? tap[6] : a, h = tileRows == 8 ? tap[7] : a
      for term in 0..<terms {
        gcpp_prefetch(next)
        next += 16
        let w0 = Vector.load(weights)
        weights += panelWidth
        a0 = a0.addingProduct(Vector(repeating: a[term]), w0)
        b0 = b0.addingProduct(Vector(repeating: b[term]), w0)
        c0 = c0.addingProduct(Vector(repeating: c[term]), w0)
        d0 = d0.addingProduct(Vector(repeating: d[term]), w0)
        e0 = e0.addingProduct(Vector(repeating: e[term]), w0)
        f0 = f0.addingProduct(Vector(repeating: f[term]), w0)
        guard tileRows == 8 else { continue }
        g0 = g0.addingProduct(Vector(repeating: g[term]), w0)
        h0 = h0.addingProduct(Vector(repeating: h[term]), w0)
      }
      tap += tileRows
    }
    a0.store(tile)
    b0.store(tile + panelWidth)
    c0.store(tile + 2 &* panelWidth)
    d0.store(tile + 3 &* panelWidth)
    e0.store(tile + 4 &* panelWidth)
    f0.store(tile + 5 &* panelWidth)
    guard tileRows == 8 else { return }
    g0.store(tile + 6 &* panelWidth)
    h0.store(tile + 7 &* panelWidth)
  }
}
