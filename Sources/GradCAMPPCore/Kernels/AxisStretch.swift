/// Axes next to each other that are one to a loop, and what lies around them: (outer, count, inner).
public struct AxisStretch: Hashable, Sendable {
  /// Elements of the axes outside of it.
  public let outer: Int
  /// Places along the axis.
  public let count: Int
  /// Elements of the axes inside of it.
  public let inner: Int

  /// Some axes of a shape.
  public init(_ shape: Shape, axes: Range<Int>) {
    outer = shape.extents[..<axes.lowerBound].reduce(1, *)
    count = shape.extents[axes].reduce(1, *)
    inner = shape.extents[axes.upperBound...].reduce(1, *)
  }

  /// One axis of a shape.
  public init(_ shape: Shape, axis: Int) { self.init(shape, axes: axis..<axis + 1) }

  /// All elements.
  @inlinable public var elements: Int { outer * count * inner }

  /// Elements without the axis.
  @inlinable public var cells: Int { outer * inner }
}
