/// `1 / x`; its derivative is `-y^2`.
@usableFromInline
struct Reciprocal: ElementFormula {
  @inlinable @inline(__always)
  init() {}

  @inlinable @inline(__always)
  func value<V: FloatVector>(_ x: V) -> V {
    V(repeating: 1) / x
  }

  @inlinable @inline(__always)
  func derivative<V: FloatVector>(_ y: V) -> V {
    V(repeating: 0) - y * y
  }
}
