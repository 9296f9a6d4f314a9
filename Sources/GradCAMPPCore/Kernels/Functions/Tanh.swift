/// `tanh(x)`; its derivative is `1 - y^2`.
@usableFromInline
struct Tanh: ElementFormula {
  @inlinable @inline(__always)
  init() {}

  @inlinable @inline(__always)
  func value<V: FloatVector>(_ x: V) -> V {
    x.hyperbolicTangent()
  }

  @inlinable @inline(__always)
  func derivative<V: FloatVector>(_ y: V) -> V {
    V(repeating: 1) - y * y
  }
}
