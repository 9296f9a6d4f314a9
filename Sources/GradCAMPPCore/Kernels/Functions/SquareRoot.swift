/// `sqrt(x)`; its derivative is `1 / (2 y)`.
@usableFromInline
struct SquareRoot: ElementFormula {
  @inlinable @inline(__always)
  init() {}

  @inlinable @inline(__always)
  func value<V: FloatVector>(_ x: V) -> V {
    x.squareRoot()
  }

  @inlinable @inline(__always)
  func derivative<V: FloatVector>(_ y: V) -> V {
    V(repeating: 0.5) / y
  }
}
