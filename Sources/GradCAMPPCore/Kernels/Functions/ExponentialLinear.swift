/// `scale x` above 0, `scale alpha (exp(rate x) - 1)` up to it.
///
/// ELU has rate 1 and scale 1 (Clevert, Unterthiner and Hochreiter 2016), SELU the scale and alpha of
/// Klambauer et al. 2017, CELU rate `1 / alpha` (Barron 2017). At 0 its derivative is that of the
/// exponential part, as in PyTorch.
@usableFromInline
struct ExponentialLinear: ElementFormula {
  @usableFromInline let scale: Float
  @usableFromInline let alpha: Float
  @usableFromInline let rate: Float

  @inlinable @inline(__always)
  init(scale: Float, alpha: Float, rate: Float) {
    self.scale = scale
    self.alpha = alpha
    self.rate = rate
  }

  @inlinable @inline(__always)
  func value<V: FloatVector>(_ x: V) -> V {
    let zero = V(repeating: 0)
    let below =
      (x * V(repeating: rate)).replaced(by: zero, where: zero, isLessThan: x)
      .exponentialMinusOne() * V(repeating: scale * alpha)
    return below.replaced(by: x * V(repeating: scale), where: zero, isLessThan: x)
  }

  @inlinable @inline(__always)
  func derivative<V: FloatVector>(_ x: V) -> V {
    let zero = V(repeating: 0)
    let below =
      (x * V(repeating: rate)).replaced(by: zero, where: zero, isLessThan: x)
      .exponential() * V(repeating: scale * alpha * rate)
    return below.replaced(by: V(repeating: scale), where: zero, isLessThan: x)
  }
}
