/// A few float32 numbers that one instruction works on.
///
/// A tier chooses the type that fits its registers. All operations must be inlined before code is
/// generated (`@inline(__always)`): a call hands over wide vectors in pieces, and loops around it
/// would stay narrow.
public protocol FloatVector: BitwiseCopyable, Sendable {
  /// How many numbers.
  static var width: Int { get }

  /// Every number the same.
  init(repeating number: Float)

  /// The numbers at an address of any alignment.
  static func load(_ address: UnsafeRawPointer) -> Self

  /// Stores the numbers at an address of any alignment.
  func store(_ address: UnsafeMutableRawPointer)

  /// Sums.
  static func + (left: Self, right: Self) -> Self

  /// Differences.
  static func - (left: Self, right: Self) -> Self

  /// Products.
  static func * (left: Self, right: Self) -> Self

  /// `self + left * right`, rounded once or twice as suits the processor.
  func addingProduct(_ left: Self, _ right: Self) -> Self

  /// `x < 0 ? x - x : x`: 0 for negative numbers, NaN for NaN and for minus infinity.
  ///
  /// So whatever is not finite stays not finite, and shows in the logits.
  func rectified() -> Self

  /// The larger number of each pair; NaN where `self` is NaN or `other` is not finite.
  func larger(_ other: Self) -> Self

  /// The numbers of `pending` at the places where `self` equals `other`, else 0; they become 0 in
  /// `pending`.
  func taking(_ pending: inout Self, where other: Self) -> Self

  /// The sum of all numbers, in a fixed order.
  func sum() -> Float

  /// Quotients.
  static func / (left: Self, right: Self) -> Self

  /// The numbers of `other` at the places where `left` is less than `right`, else those of `self`.
  func replaced(by other: Self, where left: Self, isLessThan right: Self) -> Self

  /// Square roots.
  func squareRoot() -> Self

  /// `self * 2^exponents`, of whole exponents from -252 to 254; NaN for NaN.
  func timesPowerOfTwo(_ exponents: Self) -> Self

  /// Of positive normal numbers: what is in [1, 2), and the exponent of the power of two that it is
  /// multiplied by.
  func split() -> (mantissa: Self, exponent: Self)
}

/// Four numbers, multiplied and added in two roundings: what any x86-64 processor has.
public struct Lanes4: FloatVector {
  @usableFromInline var lanes: SIMD4<Float>

  @inlinable @inline(__always) init(_ lanes: SIMD4<Float>) { self.lanes = lanes }

  /// 4.
  @inlinable @inline(__always) public static var width: Int { 4 }

  /// Every number the same.
  @inlinable @inline(__always) public init(repeating number: Float) {
    lanes = SIMD4(repeating: number)
  }

  /// The numbers at an address.
  @inlinable @inline(__always) public static func load(_ address: UnsafeRawPointer) -> Self {
    Lanes4(address.loadUnaligned(as: SIMD4<Float>.self))
  }

  /// Stores the numbers.
  @inlinable @inline(__always) public func store(_ address: UnsafeMutableRawPointer) {
    address.storeBytes(of: lanes, as: SIMD4<Float>.self)
  }

  /// Sums.
  @inlinable @inline(__always) public static func + (left: Self, right: Self) -> Self {
    Lanes4(left.lanes + right.lanes)
  }

  /// Differences.
  @inlinable @inline(__always) public static func - (left: Self, right: Self) -> Self {
    Lanes4(left.lanes - right.lanes)
  }

  /// Products.
  @inlinable @inline(__always) public static func * (left: Self, right: Self) -> Self {
    Lanes4(left.lanes * right.lanes)
  }

  /// Rounds twice: a fused multiply-add would be a library call on such processors.
  @inlinable @inline(__always) public func addingProduct(_ left: Self, _ right: Self) -> Self {
    Lanes4(lanes + left.lanes * right.lanes)
  }

  /// Negative numbers become 0, what is not finite stays so.
  @inlinable @inline(__always) public func rectified() -> Self {
    Lanes4(lanes.replacing(with: lanes - lanes, where: lanes .< 0))
  }

  /// The larger numbers; NaN where `other` is not finite.
  @inlinable @inline(__always) public func larger(_ other: Self) -> Self {
    Lanes4(
      lanes.replacing(with: other.lanes, where: other.lanes .> lanes)
        + (other.lanes - other.lanes))
  }

  /// Moves numbers of `pending` where `other` is equal.
  @inlinable @inline(__always) public func taking(
    _ pending: inout Self, where other: Self
  ) -> Self {
    let isEqual = lanes .== other.lanes
    let zero = SIMD4<Float>()
    let taken = zero.replacing(with: pending.lanes, where: isEqual)
    pending.lanes.replace(with: zero, where: isEqual)
    return Lanes4(taken)
  }

  /// The sum, pairwise.
  @inlinable @inline(__always) public func sum() -> Float {
    (lanes[0] + lanes[1]) + (lanes[2] + lanes[3])
  }

  /// Quotients.
  @inlinable @inline(__always) public static func / (left: Self, right: Self) -> Self {
    Lanes4(left.lanes / right.lanes)
  }

  /// Numbers of `other` where `left` is less.
  @inlinable @inline(__always) public func replaced(
    by other: Self, where left: Self, isLessThan right: Self
  ) -> Self {
    Lanes4(lanes.replacing(with: other.lanes, where: left.lanes .< right.lanes))
  }

  /// Square roots.
  @inlinable @inline(__always) public func squareRoot() -> Self { Lanes4(lanes.squareRoot()) }

  /// Two factors, since one would not reach the smallest numbers.
  @inlinable @inline(__always) public func timesPowerOfTwo(_ exponents: Self) -> Self {
    let whole = Self.whole(exponents.lanes)
    let half = whole &>> SIMD4(repeating: 1)
    return Lanes4(lanes * Self.power(half) * Self.power(whole &- half))
  }

  /// From the bits.
  @inlinable @inline(__always) public func split() -> (mantissa: Self, exponent: Self) {
    let bits = unsafeBitCast(lanes, to: SIMD4<Int32>.self)
    let exponent = (bits &>> SIMD4(repeating: 23)) &- SIMD4(repeating: 127)
    let mantissa = (bits & SIMD4(repeating: 0x007F_FFFF)) | SIMD4(repeating: 0x3F80_0000)
    // 1.5 * 2^23 has the exponent in its last bits when it is added there.
    let moved = unsafeBitCast(exponent &+ SIMD4(repeating: 0x4B40_0000), to: SIMD4<Float>.self)
    return (
      Lanes4(unsafeBitCast(mantissa, to: SIMD4<Float>.self)),
      Lanes4(moved - SIMD4(repeating: 12_582_912))
    )
  }

  /// Whole numbers below 2^22 as integers: their last bits beside 1.5 * 2^23.
  @inlinable @inline(__always) static func whole(_ numbers: SIMD4<Float>) -> SIMD4<Int32> {
    unsafeBitCast(numbers + SIMD4(repeating: 12_582_912), to: SIMD4<Int32>.self)
      &- SIMD4(repeating: 0x4B40_0000)
  }

  /// Powers of two, of exponents from -126 to 127.
  @inlinable @inline(__always) static func power(_ exponents: SIMD4<Int32>) -> SIMD4<Float> {
    unsafeBitCast(
      (exponents &+ SIMD4(repeating: 127)) &<< SIMD4(repeating: 23), to: SIMD4<Float>.self)
  }
}
