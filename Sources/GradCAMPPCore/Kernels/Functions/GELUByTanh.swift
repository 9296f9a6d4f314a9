/// `x / 2 (1 + tanh(u))`, `u = sqrt(2 / pi) (x + 0.044715 x^3)`: the approximation that Hendrycks and
/// Gimpel 2016 give beside GELU.
@usableFromInline
struct GELUByTanh: ElementFormula {
  @inlinable @inline(__always)
  init() {}

  @inlinable @inline(__always)
  func value<V: FloatVector>(_ x: V) -> V {
    let half = V(repeating: 0.5)
    return x * half.addingProduct(half, inner(x).hyperbolicTangent())
  }

  @inlinable @inline(__always)
  func derivative<V: FloatVector>(_ x: V) -> V {
    let half = V(repeating: 0.5)
    let tanh = inner(x).hyperbolicTangent()
    let slope = V(repeating: 0.797_884_56).addingProduct(x * x, V(repeating: 0.107_032_22))
    let curved = x * half * (V(repeating: 1) - tanh * tanh)
    return half.addingProduct(half, tanh).addingProduct(curved, slope)
  }

  @inlinable @inline(__always)
  func inner<V: FloatVector>(_ x: V) -> V {
    x * V(repeating: 0.797_884_56).addingProduct(x * x, V(repeating: 0.035_677_407))
  }
}
