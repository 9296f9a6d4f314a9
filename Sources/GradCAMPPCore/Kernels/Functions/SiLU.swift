/// `x sigmoid(factor x)`, SiLU for 1: Ramachandran, Zoph and Le 2017, "Searching for Activation
/// Functions".
///
/// Its derivative is `s + factor x s (1 - s)`, s being the sigmoid.
@usableFromInline
struct SiLU: ElementFormula {
  @usableFromInline let factor: Float

  @inlinable @inline(__always)
  init(factor: Float) {
    self.factor = factor
  }

  @inlinable @inline(__always)
  func value<V: FloatVector>(_ x: V) -> V {
    x * (x * V(repeating: factor)).logistic()
  }

  @inlinable @inline(__always)
  func derivative<V: FloatVector>(_ x: V) -> V {
    let scaled = x * V(repeating: factor)
    let s = scaled.logistic()
    return s.addingProduct(scaled * s, V(repeating: 1) - s)
  }
}
