/// How tensors lie one behind the other along an axis of a whole.
public struct AxisParts: Sendable {
  /// One part: stretches of `count` elements, each at `start` of a stretch of `wholeCount`.
  public struct Part: Sendable {
    /// Elements of a stretch of the part.
    public let count: Int
    /// Where the stretch begins in the whole's.
    public let start: Int
    /// Elements of a stretch of the whole.
    public let wholeCount: Int
  }

  private let counts: [Int]

  /// Parts of these shapes, which differ along `axis` alone.
  public init(_ shapes: [Shape], axis: Int) {
    counts = shapes.map { $0.extents[axis...].reduce(1, *) }
  }

  /// The part at `place`.
  public func part(_ place: Int) -> Part {
    Part(
      count: counts[place], start: counts[..<place].reduce(0, +), wholeCount: counts.reduce(0, +))
  }
}
