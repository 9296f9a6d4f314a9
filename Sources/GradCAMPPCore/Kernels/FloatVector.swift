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
}
