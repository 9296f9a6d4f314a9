/// `erf(x)`; its derivative is `2 / sqrt(pi) exp(-x^2)`.
@usableFromInline
struct ErrorFunction: ElementFormula {
  @inlinable @inline(__always)
  init() {}

  @inlinable @inline(__always)
  func value<V: FloatVector>(_ x: V) -> V {
    x.errorFunction()
  }

  @inlinable @inline(__always)
  func derivative<V: FloatVector>(_ x: V) -> V {
    (V(repeating: 0) - x * x).exponential() * V(repeating: 1.128_379_2)
  }
}
