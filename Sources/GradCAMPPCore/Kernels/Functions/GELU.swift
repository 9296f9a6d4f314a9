/// `x / 2 (1 + erf(x / sqrt(2)))`: Hendrycks and Gimpel 2016, "Gaussian Error Linear Units".
///
/// Its derivative is `Phi(x) + x phi(x)`, the normal distribution and its density.
@usableFromInline
struct GELU: ElementFormula {
  @inlinable @inline(__always)
  init() {}

  @inlinable @inline(__always)
  func value<V: FloatVector>(_ x: V) -> V {
    let half = V(repeating: 0.5)
    return x * half.addingProduct(half, (x * V(repeating: 0.707_106_8)).errorFunction())
  }

  @inlinable @inline(__always)
  func derivative<V: FloatVector>(_ x: V) -> V {
    let half = V(repeating: 0.5)
    let distribution = half.addingProduct(half, (x * V(repeating: 0.707_106_8)).errorFunction())
    let density = (x * x * V(repeating: -0.5)).exponential() * V(repeating: 0.398_942_3)
    return distribution.addingProduct(x, density)
  }
}
