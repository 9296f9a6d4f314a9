/// `x tanh(log(1 + exp(x)))`: Misra 2020, "Mish".
///
/// With `e = exp(x)` the tanh is `e (e + 2) / (e (e + 2) + 2)`, 1 above 20. Its derivative is
/// `t + x sigmoid(x) (1 - t^2)`.
@usableFromInline
struct Mish: ElementFormula {
  @inlinable @inline(__always)
  init() {}

  @inlinable @inline(__always)
  func value<V: FloatVector>(_ x: V) -> V {
    x * inner(x)
  }

  @inlinable @inline(__always)
  func derivative<V: FloatVector>(_ x: V) -> V {
    let t = inner(x)
    return t.addingProduct(x * x.logistic(), V(repeating: 1) - t * t)
  }

  @inlinable @inline(__always)
  func inner<V: FloatVector>(_ x: V) -> V {
    let two = V(repeating: 2)
    let e = x.limited(-104, 20).exponential()
    let product = e * (e + two)
    return product / (product + two)
  }
}
