/// `min(max(alpha x + beta, 0), 1)`; at both edges its derivative is 0, as in PyTorch.
@usableFromInline
struct HardSigmoid: ElementFormula {
  @usableFromInline let alpha: Float
  @usableFromInline let beta: Float

  @inlinable @inline(__always)
  init(alpha: Float, beta: Float) {
    self.alpha = alpha
    self.beta = beta
  }

  @inlinable @inline(__always)
  func value<V: FloatVector>(_ x: V) -> V {
    V(repeating: beta).addingProduct(x, V(repeating: alpha)).limited(0, 1)
  }

  @inlinable @inline(__always)
  func derivative<V: FloatVector>(_ x: V) -> V {
    let (zero, one) = (V(repeating: 0), V(repeating: 1))
    let line = V(repeating: beta).addingProduct(x, V(repeating: alpha))
    let below = zero.replaced(by: V(repeating: alpha), where: line, isLessThan: one)
    return zero.replaced(by: below, where: zero, isLessThan: line)
  }
}
