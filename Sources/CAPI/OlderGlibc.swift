// What lets the library load on glibc 2.34.

/// Square root of the sum of two squares, in place of the C library's `hypotf`.
///
/// The static Swift runtime holds a wrapper of `hypotf`, which nothing here calls; linked on a newer
/// system it would ask for the `hypotf` of glibc 2.35, and all of the library with it. The version
/// script keeps this one inside. Squares of single precision neither overflow nor vanish in double.
@_cdecl("hypotf")
public func hypotenuse(_ x: Float, _ y: Float) -> Float {
  if x.isInfinite || y.isInfinite { return .infinity }
  let (x, y) = (Double(x), Double(y))
  return Float((x * x + y * y).squareRoot())
}
