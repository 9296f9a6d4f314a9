/// `min(max(x, 0), upper)`, ReLU6 for 6.
///
/// At both edges its derivative is 0, as in PyTorch's ReLU6. Krizhevsky 2010,
/// "Convolutional Deep Belief Networks on CIFAR-10", section 2.
@usableFromInline
struct BoundedRectifier: ElementFormula {
  @usableFromInline let upper: Float

  @inlinable @inline(__always)
  init(upper: Float) {
    self.upper = upper
  }

  @inlinable @inline(__always)
  func value<V: FloatVector>(_ x: V) -> V {
    x.limited(0, upper)
  }

  @inlinable @inline(__always)
  func derivative<V: FloatVector>(_ y: V) -> V {
    let (zero, one) = (V(repeating: 0), V(repeating: 1))
    let below = zero.replaced(by: one, where: y, isLessThan: V(repeating: upper))
    return zero.replaced(by: below, where: zero, isLessThan: y)
  }
}
