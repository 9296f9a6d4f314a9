/// `x^p` of a fixed power, and `p x^(p - 1)`.
///
/// Whole powers from -8 to 8 are products, so that negative numbers have them; others are
/// `exp(p log x)`, within `|p log x| + 4` units in the last place, and NaN below 0.
@usableFromInline
struct Power: ElementFormula {
  @usableFromInline let power: Float

  @inlinable @inline(__always)
  init(power: Float) { self.power = power }

  @inlinable @inline(__always)
  func value<V: FloatVector>(_ x: V) -> V { Self.power(x, power) }

  @inlinable @inline(__always)
  func derivative<V: FloatVector>(_ number: V) -> V {
    V(repeating: power) * Self.power(number, power - 1)
  }

  @inlinable @inline(__always)
  static func power<V: FloatVector>(_ x: V, _ power: Float) -> V {
    let one = V(repeating: 1)
    guard power >= -8, power <= 8, power == Float(Int(power)) else {
      if power == 0.5 { return x.squareRoot() }
      if power == -0.5 { return one / x.squareRoot() }
      return (V(repeating: power) * x.logarithm()).exponential()
    }
    var product = one
    var left = power < 0 ? -power : power
    while left > 0 {
      product = product * x
      left -= 1
    }
    return power < 0 ? one / product : product
  }
}
