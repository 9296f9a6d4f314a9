/// `exp(x)`, its own derivative.
@usableFromInline
struct Exponential: ElementFormula {
  @inlinable @inline(__always)
  init() {}

  @inlinable @inline(__always)
  func value<V: FloatVector>(_ x: V) -> V {
    x.exponential()
  }

  @inlinable @inline(__always)
  func derivative<V: FloatVector>(_ y: V) -> V {
    y
  }
}
