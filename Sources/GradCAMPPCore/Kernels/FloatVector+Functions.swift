// Exponential, logarithm and what is made of them, on a vector of numbers. Every number is computed
// alike, wherever it lies. Errors are stated in units in the last place (ULP) of float32, over all
// finite results, and tested on all tiers.
//
// exp(x) = 2^n exp(r) with n = round(x / ln 2) and r = x - n ln 2, |r| <= 0.347, where Taylor's
// polynomial of degree 7 errs by less than r^8 / 8! = 5e-9. ln 2 is taken in two parts, the first of
// 10 bits, so that n times it is exact.
//
// log(x) = e ln 2 + log(m) with x = 2^e m, m from sqrt(1/2) to sqrt(2), and log(m) = 2 artanh(s),
// s = (m - 1) / (m + 1), |s| <= 0.172: artanh(s) = s + s^3 / 3 + ... + s^9 / 9 errs by 2e-9.

extension FloatVector {
  /// `self * x + coefficient`: one step of Horner's rule.
  @inlinable @inline(__always)
  func horner(_ x: Self, _ coefficient: Float) -> Self {
    Self(repeating: coefficient).addingProduct(self, x)
  }

  /// The numbers between two bounds; NaN stays.
  @inlinable @inline(__always)
  func limited(_ lower: Float, _ upper: Float) -> Self {
    let (lower, upper) = (Self(repeating: lower), Self(repeating: upper))
    let above = replaced(by: lower, where: self, isLessThan: lower)
    return above.replaced(by: upper, where: upper, isLessThan: above)
  }

  /// Without the sign.
  @inlinable @inline(__always)
  func magnitude() -> Self {
    let zero = Self(repeating: 0)
    return replaced(by: zero - self, where: self, isLessThan: zero)
  }

  /// n of the note above, and `(exp(r) - 1) `.
  @inlinable @inline(__always)
  func reducedExponential() -> (exponent: Self, rest: Self) {
    // Adding and taking 1.5 * 2^23 rounds to whole numbers.
    let magic = Self(repeating: 12_582_912)
    let exponent = magic.addingProduct(self, Self(repeating: 1.442_695)) - magic
    let r = addingProduct(exponent, Self(repeating: -0.693_359_375))
      .addingProduct(exponent, Self(repeating: 2.121_944_4e-4))
    let series = Self(repeating: 1 / 5040).horner(r, 1 / 720).horner(r, 1 / 120)
      .horner(r, 1 / 24).horner(r, 1 / 6).horner(r, 0.5).horner(r, 1)
    return (exponent, r * series)
  }

  /// `exp(x)`, within 3 ULP; infinity above 88.8, 0 below -104, NaN for NaN.
  @inlinable @inline(__always)
  func exponential() -> Self {
    let (exponent, rest) = limited(-104, 89).reducedExponential()
    return (Self(repeating: 1) + rest).timesPowerOfTwo(exponent)
  }

  /// `exp(x) - 1` of numbers up to 88, within 4 ULP; NaN for NaN.
  @inlinable @inline(__always)
  func exponentialMinusOne() -> Self {
    let (exponent, rest) = limited(-104, 88).reducedExponential()
    let one = Self(repeating: 1)
    let power = one.timesPowerOfTwo(exponent)
    return (power - one).addingProduct(power, rest)
  }

  /// `log(x)`, within 3 ULP; minus infinity for 0, infinity for infinity, NaN for NaN and below 0.
  @inlinable @inline(__always)
  func logarithm() -> Self {
    let zero = Self(repeating: 0)
    let smallest = Self(repeating: .leastNormalMagnitude)
    // Numbers below the normal ones are lifted by 2^24.
    let lifted = replaced(
      by: self * Self(repeating: 16_777_216), where: self, isLessThan: smallest)
    var (mantissa, exponent) = lifted.split()
    exponent = exponent.replaced(
      by: exponent - Self(repeating: 24), where: self, isLessThan: smallest)
    let root = Self(repeating: 1.414_213_6)
    let one = Self(repeating: 1)
    exponent = exponent.replaced(by: exponent + one, where: root, isLessThan: mantissa)
    mantissa = mantissa.replaced(
      by: mantissa * Self(repeating: 0.5), where: root, isLessThan: mantissa)
    let s = (mantissa - one) / (mantissa + one)
    let square = s * s
    let series =
      Self(repeating: 2 / 9).horner(square, 2 / 7).horner(square, 2 / 5)
      .horner(square, 2 / 3) * square
    // 2 s first, which may be small, then what it is beside.
    let rest = (s * series).addingProduct(exponent, Self(repeating: -2.121_944_4e-4))
    let sum = (rest + (s + s)).addingProduct(exponent, Self(repeating: 0.693_359_375))
    return (sum + (self - self))
      .replaced(
        by: self, where: Self(repeating: .greatestFiniteMagnitude), isLessThan: self
      )
      .replaced(
        by: Self(repeating: -.infinity), where: self,
        isLessThan: Self(repeating: .leastNonzeroMagnitude)
      )
      .replaced(by: Self(repeating: .nan), where: self, isLessThan: zero)
  }

  /// `log(1 + x)` of numbers from 0 to 1, within 3 ULP: `2 artanh(x / (2 + x))`, whose argument is
  /// at most 1/3 and whose series errs by 2e-9 after 8 terms.
  @inlinable @inline(__always)
  func logarithmOfOnePlus() -> Self {
    let s = self / (self + Self(repeating: 2))
    let square = s * s
    let series = Self(repeating: 2 / 15).horner(square, 2 / 13).horner(square, 2 / 11)
      .horner(square, 2 / 9).horner(square, 2 / 7).horner(square, 2 / 5).horner(square, 2 / 3)
    return (s + s).addingProduct(s * square, series)
  }

  /// `1 / (1 + exp(-x))`, within 4 ULP above the smallest normal numbers.
  @inlinable @inline(__always)
  func logistic() -> Self {
    let one = Self(repeating: 1)
    return one / (one + (Self(repeating: 0) - self).exponential())
  }

  /// `tanh(x)`, within 4 ULP: below 0.6 a polynomial fitted to `tanh(x) / x` in `x^2` (relative
  /// error 2.5e-9), above `1 - 2 / (exp(2 |x|) + 1)`.
  @inlinable @inline(__always)
  func hyperbolicTangent() -> Self {
    let square = self * self
    let series =
      Self(repeating: -0.005_852_164_7).horner(square, 0.020_753_626)
      .horner(square, -0.053_768_702).horner(square, 0.133_316_89)
      .horner(square, -0.333_332_84) * square
    let small = addingProduct(self, series)
    let size = magnitude()
    let (zero, one, two) = (
      Self(repeating: 0), Self(repeating: 1), Self(repeating: 2)
    )
    let large = one - two / ((size + size).exponential() + one)
    let signed = large.replaced(by: zero - large, where: self, isLessThan: zero)
    return signed.replaced(by: small, where: size, isLessThan: Self(repeating: 0.6))
  }

  /// `erf(x)`, within 4 ULP.
  ///
  /// Below 1 a polynomial fitted to `erf(x) / x` in `x^2` (relative error 1.3e-9); from 1 to 4
  /// `1 - exp(-q(x))` with q fitted to `-log(erfc(x))` (error of the result 3e-11); above 4 the
  /// result is 1.
  @inlinable @inline(__always)
  func errorFunction() -> Self {
    let square = self * self
    let small =
      self
      * Self(repeating: 7.853_857_8e-5).horner(square, -8.010_192_5e-4)
      .horner(square, 0.005_188_327_7).horner(square, -0.026_853_81)
      .horner(square, 0.112_835_854).horner(square, -0.376_126_26).horner(square, 1.128_379_1)
    let size = magnitude()
    let (zero, one) = (Self(repeating: 0), Self(repeating: 1))
    let bounded = size.limited(0, 4)
    let exponent = Self(repeating: 2.168_685e-5).horner(bounded, -4.413_363_6e-4)
      .horner(bounded, 0.004_204_562).horner(bounded, -0.025_208_257)
      .horner(bounded, 0.108_418_576).horner(bounded, 0.633_219_9)
      .horner(bounded, 1.129_578_5).horner(bounded, -1.880_402_4e-4)
    let large = one - (zero - exponent).exponential()
    let signed = large.replaced(by: zero - large, where: self, isLessThan: zero)
    return signed.replaced(by: small, where: size, isLessThan: one)
  }
}
