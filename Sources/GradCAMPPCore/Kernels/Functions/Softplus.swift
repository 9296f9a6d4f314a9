/// `log(1 + exp(x))`, as `max(x, 0) + log(1 + exp(-|x|))`; its derivative is the sigmoid.
@usableFromInline
struct Softplus: ElementFormula {
  @inlinable @inline(__always)
  init() {}

  @inlinable @inline(__always)
  func value<V: FloatVector>(_ x: V) -> V {
    let zero = V(repeating: 0)
    let positive = x.replaced(by: zero, where: x, isLessThan: zero)
    return positive + (zero - x.magnitude()).exponential().logarithmOfOnePlus()
  }

  @inlinable @inline(__always)
  func derivative<V: FloatVector>(_ x: V) -> V {
    x.logistic()
  }
}
