/// How the elements of two operands meet in a result: axes of extent 1 are spread over the other's.
///
/// Neighbouring axes that both operands treat alike are one axis here.
public struct BroadcastAxes: Hashable, Sendable {
  /// One axis of the result: its extent, and how far apart its places are in each tensor, 0 where an
  /// operand is spread over it.
  @usableFromInline
  struct Axis: Hashable, Sendable {
    @usableFromInline var extent: Int
    @usableFromInline var left: Int
    @usableFromInline var right: Int
    @usableFromInline var result: Int

    @usableFromInline
    init(extent: Int, left: Int, right: Int, result: Int) {
      self.extent = extent
      self.left = left
      self.right = right
      self.result = result
    }
  }

  /// Outermost first.
  @usableFromInline let axes: [Axis]

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
    guard let extents = Self.extents(left, right) else { preconditionFailure("shapes do not meet") }
    let (lefts, rights) = (Self.aligned(left, extents.count), Self.aligned(right, extents.count))
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
    if axes.isEmpty { axes = [Axis(extent: 1, left: 1, right: 1, result: 1)] }
    self.axes = axes.reversed()
  }

  /// The innermost axis.
  @inlinable var inner: Axis { axes[axes.count - 1] }

  /// All others.
  @inlinable var outer: [Axis] { axes.dropLast() }

  /// Elements of the result.
  @inlinable var count: Int { Self.count(axes) }

  /// Places of some axes.
  @inlinable
  static func count(_ axes: [Axis]) -> Int {
    var count = 1
    for axis in axes { count *= axis.extent }
    return count
  }

  /// Where the elements at a place of some axes, counted in their order, lie in each tensor.
  @inlinable @inline(__always)
  static func offsets(_ place: Int, _ axes: [Axis]) -> (left: Int, right: Int, result: Int) {
    var rest = place
    var offsets = (left: 0, right: 0, result: 0)
    var index = axes.count - 1
    while index >= 0 {
      let axis = axes[index]
      let digit = rest % axis.extent
      rest /= axis.extent
      offsets.left += digit * axis.left
      offsets.right += digit * axis.right
      offsets.result += digit * axis.result
      index -= 1
    }
    return offsets
  }
}

/// How a gradient by an operand is summed over the axes that the operand is spread over.
@usableFromInline
struct BroadcastSum: Sendable {
  /// Outer axes that the operand has.
  @usableFromInline var kept: [BroadcastAxes.Axis] = []
  /// Outer axes that are summed over, in their order.
  @usableFromInline var summed: [BroadcastAxes.Axis] = []
  /// The innermost axis.
  @usableFromInline let inner: BroadcastAxes.Axis
  /// Whether the operand has it.
  @usableFromInline let isInnerKept: Bool

  @inlinable
  init(_ axes: BroadcastAxes, isLeft: Bool) {
    inner = axes.inner
    isInnerKept = (isLeft ? inner.left : inner.right) != 0
    for axis in axes.outer {
      if (isLeft ? axis.left : axis.right) != 0 { kept.append(axis) } else { summed.append(axis) }
    }
  }
}
