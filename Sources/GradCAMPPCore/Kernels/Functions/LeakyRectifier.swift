/// `x` above 0, `slope x` up to it, where its derivative is `slope`, at 0 as well, as in PyTorch.
@usableFromInline
struct LeakyRectifier: ElementFormula {
  @usableFromInline let slope: Float

  @inlinable @inline(__always)
  init(slope: Float) {
    self.slope = slope
  }

  @inlinable @inline(__always)
  func value<V: FloatVector>(_ x: V) -> V {
    x.replaced(by: x * V(repeating: slope), where: x, isLessThan: V(repeating: 0))
  }

  @inlinable @inline(__always)
  func derivative<V: FloatVector>(_ x: V) -> V {
    V(repeating: slope).replaced(by: V(repeating: 1), where: V(repeating: 0), isLessThan: x)
  }
}
