/// `1 / (1 + exp(-x))`; its derivative is `y (1 - y)`.
@usableFromInline
struct Sigmoid: ElementFormula {
  @inlinable @inline(__always)
  init() {}

  @inlinable @inline(__always)
  func value<V: FloatVector>(_ x: V) -> V {
    x.logistic()
  }

  @inlinable @inline(__always)
  func derivative<V: FloatVector>(_ y: V) -> V {
    y * (V(repeating: 1) - y)
  }
}
