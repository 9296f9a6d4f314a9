/// `min(max(x, lower), upper)`; at both edges its derivative is 1, as in PyTorch's clamp.
@usableFromInline
struct Clip: ElementFormula {
  @usableFromInline let lower: Float
  @usableFromInline let upper: Float

  @inlinable @inline(__always)
  init(lower: Float, upper: Float) {
    self.lower = lower
    self.upper = upper
  }

  @inlinable @inline(__always)
  func value<V: FloatVector>(_ x: V) -> V {
    x.limited(lower, upper)
  }

  @inlinable @inline(__always)
  func derivative<V: FloatVector>(_ x: V) -> V {
    let (zero, one) = (V(repeating: 0), V(repeating: 1))
    return one.replaced(by: zero, where: x, isLessThan: V(repeating: lower))
      .replaced(by: zero, where: V(repeating: upper), isLessThan: x)
  }
}
