/// Three spatial extents: depth, height, width.
///
/// Loops are written once, for three spatial axes. Two axes are a volume of depth 1, one axis a
/// volume of depth and height 1.
public struct Extents: Hashable, Sendable, CustomStringConvertible {
  /// The outermost axis.
  public var depth: Int
  /// The middle axis.
  public var height: Int
  /// The innermost axis.
  public var width: Int

  /// Three extents, outermost first.
  @inlinable
  public init(depth: Int, height: Int, width: Int) {
    self.depth = depth
    self.height = height
    self.width = width
  }

  /// Lifts one to three extents to three, the missing outer ones being `missing`.
  public init(lifting extents: [Int], missing: Int = 1) {
    precondition((1...3).contains(extents.count), "spatial rank must be 1 to 3")
    let lifted = Array(repeating: missing, count: 3 - extents.count) + extents
    self.init(depth: lifted[0], height: lifted[1], width: lifted[2])
  }

  /// One cell along each axis.
  @inlinable public static var one: Extents { Extents(depth: 1, height: 1, width: 1) }

  /// The product of the extents.
  @inlinable public var count: Int { depth * height * width }

  /// The innermost `rank` extents.
  public func lowered(to rank: Int) -> [Int] { Array([depth, height, width].suffix(rank)) }

  /// Extents joined by `x`, outermost first.
  public var description: String { "\(depth)x\(height)x\(width)" }
}
