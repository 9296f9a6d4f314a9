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
}
