/// `x min(max(x + 3, 0), 6) / 6`.
///
/// Howard et al. 2019, "Searching for MobileNetV3", section 5.2.
/// Its derivative is 0 at -3 and 1 at 3, as in PyTorch.
@usableFromInline
struct HardSwish: ElementFormula {
  @inlinable @inline(__always)
  init() {}

  @inlinable @inline(__always)
  func value<V: FloatVector>(_ x: V) -> V {
    x * V(repeating: 0.5).addingProduct(x, V(repeating: 1 / 6)).limited(0, 1)
  }

  @inlinable @inline(__always)
  func derivative<V: FloatVector>(_ x: V) -> V {
    let three = V(repeating: 3)
    let middle = V(repeating: 0.5).addingProduct(x, V(repeating: 1 / 3))
    let below = V(repeating: 1).replaced(by: middle, where: x, isLessThan: three)
    return V(repeating: 0).replaced(by: below, where: V(repeating: -3), isLessThan: x)
  }
}
