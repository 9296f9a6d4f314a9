/// `|x|`; its derivative at 0 is 0, as in PyTorch.
@usableFromInline
struct AbsoluteValue: ElementFormula {
  @inlinable @inline(__always)
  init() {}

  @inlinable @inline(__always)
  func value<V: FloatVector>(_ x: V) -> V {
    x.magnitude()
  }

  @inlinable @inline(__always)
  func derivative<V: FloatVector>(_ x: V) -> V {
    let (zero, one) = (V(repeating: 0), V(repeating: 1))
    return zero.replaced(by: one, where: zero, isLessThan: x)
      .replaced(by: zero - one, where: x, isLessThan: zero)
  }
}
