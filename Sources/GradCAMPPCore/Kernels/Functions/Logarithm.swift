/// `log(x)`; its derivative is `1 / x`.
@usableFromInline
struct Logarithm: ElementFormula {
  @inlinable @inline(__always)
  init() {}

  @inlinable @inline(__always)
  func value<V: FloatVector>(_ x: V) -> V {
    x.logarithm()
  }

  @inlinable @inline(__always)
  func derivative<V: FloatVector>(_ x: V) -> V {
    V(repeating: 1) / x
  }
}
