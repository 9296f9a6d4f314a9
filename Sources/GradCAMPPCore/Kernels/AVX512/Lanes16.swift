import GradCAMPPKernels

/// Sixteen numbers with fused multiply-adds, for modules compiled for AVX-512 alone.
public struct Lanes16: FloatVector {
  private var lanes: SIMD16<Float>

  @inline(__always) private init(_ lanes: SIMD16<Float>) { self.lanes = lanes }

  /// 16.
  @inline(__always) public static var width: Int { 16 }

  /// Every number the same.
  @inline(__always) public init(repeating number: Float) {
    lanes = SIMD16(repeating: number)
  }

  /// The numbers at an address.
  @inline(__always) public static func load(_ address: UnsafeRawPointer) -> Self {
    Lanes16(address.loadUnaligned(as: SIMD16<Float>.self))
  }

  /// Stores the numbers.
  @inline(__always) public func store(_ address: UnsafeMutableRawPointer) {
    address.storeBytes(of: lanes, as: SIMD16<Float>.self)
  }

  /// Sums.
  @inline(__always) public static func + (left: Self, right: Self) -> Self {
    Lanes16(left.lanes + right.lanes)
  }

  /// Differences.
  @inline(__always) public static func - (left: Self, right: Self) -> Self {
    Lanes16(left.lanes - right.lanes)
  }

  /// Products.
  @inline(__always) public static func * (left: Self, right: Self) -> Self {
    Lanes16(left.lanes * right.lanes)
  }

  /// Rounds once: one instruction.
  @inline(__always) public func addingProduct(_ left: Self, _ right: Self) -> Self {
    Lanes16(lanes.addingProduct(left.lanes, right.lanes))
  }

  /// Negative numbers become 0, what is not finite stays so.
  @inline(__always) public func rectified() -> Self {
    Lanes16(lanes.replacing(with: lanes - lanes, where: lanes .< 0))
  }

  /// The larger numbers; NaN where `other` is not finite.
  @inline(__always) public func larger(_ other: Self) -> Self {
    Lanes16(
      lanes.replacing(with: other.lanes, where: other.lanes .> lanes)
        + (other.lanes - other.lanes))
  }

  /// Moves numbers of `pending` where `other` is equal.
  @inline(__always) public func taking(
    _ pending: inout Self, where other: Self
  ) -> Self {
    let isEqual = lanes .== other.lanes
    let zero = SIMD16<Float>()
    let taken = zero.replacing(with: pending.lanes, where: isEqual)
    pending.lanes.replace(with: zero, where: isEqual)
    return Lanes16(taken)
  }

  /// The sum, pairwise.
  @inline(__always) public func sum() -> Float {
    (lanes.lowHalf + lanes.highHalf).sum()
  }

  /// Quotients.
  @inline(__always) public static func / (left: Self, right: Self) -> Self {
    Lanes16(left.lanes / right.lanes)
  }

  /// Numbers of `other` where `left` is less.
  @inline(__always) public func replaced(
    by other: Self, where left: Self, isLessThan right: Self
  ) -> Self {
    Lanes16(lanes.replacing(with: other.lanes, where: left.lanes .< right.lanes))
  }

  /// Square roots.
  @inline(__always) public func squareRoot() -> Self { Lanes16(lanes.squareRoot()) }

  /// Two factors, since one would not reach the smallest numbers.
  @inline(__always) public func timesPowerOfTwo(_ exponents: Self) -> Self {
    let whole = Self.whole(exponents.lanes)
    let half = whole &>> SIMD16(repeating: 1)
    return Lanes16(lanes * Self.power(half) * Self.power(whole &- half))
  }

  /// From the bits.
  @inline(__always) public func split() -> (mantissa: Self, exponent: Self) {
    let bits = unsafeBitCast(lanes, to: SIMD16<Int32>.self)
    let exponent = (bits &>> SIMD16(repeating: 23)) &- SIMD16(repeating: 127)
    let mantissa = (bits & SIMD16(repeating: 0x007F_FFFF)) | SIMD16(repeating: 0x3F80_0000)
    // 1.5 * 2^23 has the exponent in its last bits when it is added there.
    let moved = unsafeBitCast(exponent &+ SIMD16(repeating: 0x4B40_0000), to: SIMD16<Float>.self)
    return (
      Lanes16(unsafeBitCast(mantissa, to: SIMD16<Float>.self)),
      Lanes16(moved - SIMD16(repeating: 12_582_912))
    )
  }

  /// Whole numbers below 2^22 as integers: their last bits beside 1.5 * 2^23.
  @inline(__always) private static func whole(_ numbers: SIMD16<Float>) -> SIMD16<Int32> {
    unsafeBitCast(numbers + SIMD16(repeating: 12_582_912), to: SIMD16<Int32>.self)
      &- SIMD16(repeating: 0x4B40_0000)
  }

  /// Powers of two, of exponents from -126 to 127.
  @inline(__always) private static func power(_ exponents: SIMD16<Int32>) -> SIMD16<Float> {
    unsafeBitCast(
      (exponents &+ SIMD16(repeating: 127)) &<< SIMD16(repeating: 23), to: SIMD16<Float>.self)
  }
}
