/// How the elements of two operands meet in a result: axes of extent 1 are spread over the other's.
///
/// Neighbouring axes that both operands treat alike are one axis here. All is trivial and computed
/// before a tier sees it: a tier shares no function over arrays with other modules. A list
/// has more than four members, so that it is passed in memory however wide a tier's registers are.
public struct BroadcastAxes: Sendable {
  /// One axis of the result: its extent, and how far apart its places are in each tensor, 0 where an
  /// operand is spread over it.
  @usableFromInline
  struct Axis: Sendable {
    @usableFromInline var extent: Int
    @usableFromInline var left: Int
    @usableFromInline var right: Int
    @usableFromInline var result: Int
  }

  /// Most axes that shapes may have.
  public static let maximumRank = 8

  /// All but the innermost axis.
  @usableFromInline let outer: BroadcastAxisList

  /// The innermost axis.
  @usableFromInline let inner: Axis

  /// How gradients by the left operand are summed.
  @usableFromInline let leftSum: BroadcastSum

  /// How gradients by the right operand are summed.
  @usableFromInline let rightSum: BroadcastSum

  /// The extents of the result of two shapes; nil where they do not meet.
  public static func extents(_ left: Shape, _ right: Shape) -> [Int]? {
    let rank = max(left.rank, right.rank)
    let (left, right) = (aligned(left, rank), aligned(right, rank))
    guard zip(left, right).allSatisfy({ $0 == $1 || $0 == 1 || $1 == 1 }) else { return nil }
    return zip(left, right).map { $0 == 1 ? $1 : $0 }
  }

  private static func aligned(_ shape: Shape, _ rank: Int) -> [Int] {
    [Int](repeating: 1, count: rank - shape.rank) + shape.extents
  }

  /// The axes of two shapes that meet.
  public init(_ left: Shape, _ right: Shape) {
    let axes = Self.axes(left, right)
    let inner = axes[axes.count - 1]
    let outer = axes.dropLast()
    self.inner = inner
    self.outer = BroadcastAxisList(Array(outer))
    leftSum = BroadcastSum(
      kept: BroadcastAxisList(outer.filter { $0.left != 0 }),
      summed: BroadcastAxisList(outer.filter { $0.left == 0 }), inner: inner,
      isInnerKept: inner.left != 0)
    rightSum = BroadcastSum(
      kept: BroadcastAxisList(outer.filter { $0.right != 0 }),
      summed: BroadcastAxisList(outer.filter { $0.right == 0 }), inner: inner,
      isInnerKept: inner.right != 0)
  }

  /// All axes, outermost first; at least one.
  private static func axes(_ left: Shape, _ right: Shape) -> [Axis] {
    let met = extents(left, right)
    precondition(met != nil, "shapes do not meet")
    let extents = met ?? []
    precondition(extents.count <= maximumRank, "shapes have too many axes")
    let (lefts, rights) = (aligned(left, extents.count), aligned(right, extents.count))
    var axes: [Axis] = []
    var strides = (left: 1, right: 1, result: 1)
    for place in extents.indices.reversed() where extents[place] != 1 {
      let extent = extents[place]
      let axis = Axis(
        extent: extent, left: lefts[place] == 1 ? 0 : strides.left,
        right: rights[place] == 1 ? 0 : strides.right, result: strides.result)
      if let inner = axes.last, (inner.left == 0) == (axis.left == 0),
        (inner.right == 0) == (axis.right == 0)
      {
        axes[axes.count - 1].extent *= extent
      } else {
        axes.append(axis)
      }
      strides.left *= lefts[place]
      strides.right *= rights[place]
      strides.result *= extent
    }
    return axes.isEmpty ? [Axis(extent: 1, left: 1, right: 1, result: 1)] : axes.reversed()
  }

  /// Elements of the result.
  @inlinable var count: Int { outer.places * inner.extent }
}

/// Some axes of a `BroadcastAxes`, outermost first.
@usableFromInline
struct BroadcastAxisList: Sendable {
  @usableFromInline var extents = SIMD8<Int>(repeating: 1)
  @usableFromInline var left = SIMD8<Int>()
  @usableFromInline var right = SIMD8<Int>()
  @usableFromInline var result = SIMD8<Int>()
  /// How many of the numbers above are axes.
  @usableFromInline let count: Int
  /// The product of the extents.
  @usableFromInline let places: Int

  init(_ axes: [BroadcastAxes.Axis]) {
    count = axes.count
    places = axes.reduce(1) { $0 * $1.extent }
    for (index, axis) in axes.enumerated() {
      extents[index] = axis.extent
      left[index] = axis.left
      right[index] = axis.right
      result[index] = axis.result
    }
  }

  /// Where the elements at a place of the axes, counted in their order, lie in each tensor.
  @inlinable @inline(__always)
  func offsets(_ place: Int) -> (left: Int, right: Int, result: Int) {
    var rest = place
    var offsets = (left: 0, right: 0, result: 0)
    var index = count - 1
    while index >= 0 {
      let extent = extents[index]
      let digit = rest % extent
      rest /= extent
      offsets.left += digit * left[index]
      offsets.right += digit * right[index]
      offsets.result += digit * result[index]
      index -= 1
    }
    return offsets
  }
}

/// How a gradient by an operand is summed over the axes that the operand is spread over.
@usableFromInline
struct BroadcastSum: Sendable {
  /// Outer axes that the operand has.
  @usableFromInline let kept: BroadcastAxisList
  /// Outer axes that are summed over, in their order.
  @usableFromInline let summed: BroadcastAxisList
  /// The innermost axis.
  @usableFromInline let inner: BroadcastAxes.Axis
  /// Whether the operand has it.
  @usableFromInline let isInnerKept: Bool
}
