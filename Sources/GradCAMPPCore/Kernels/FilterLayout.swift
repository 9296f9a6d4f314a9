/// How a filter is laid out for a direction, an algorithm and a tier.
///
/// A panel holds as many result channels as a tile of the tier is wide; missing channels of the
/// last panel are 0. For each term of the sum a panel has one number for each of its channels.
/// Direct: terms run over taps, then over source channels. Winograd: 36 such filters, one for
/// each position of the transformed tile, whose terms are the source channels.
public struct FilterLayout: Hashable, Sendable {
  /// The filter's extents.
  public let shape: FilterShape
  /// Forward or gradient.
  public let direction: ConvolutionDirection
  /// Direct or Winograd.
  public let algorithm: ConvolutionAlgorithm

  /// Columns of the widest tier's panels.
  @inlinable public static var widestPanel: Int { 32 }

  /// The layout of the filter of a step.
  public init(_ step: ConvolutionStep) {
    shape = step.filter
    direction = step.direction
    algorithm = step.algorithm
  }

  /// Panels of a group.
  @inlinable
  public func panels(width: Int) -> Int { (shape.resultChannels(direction) + width - 1) / width }

  /// Elements of the packed filter, on any tier: panels are narrower elsewhere, never more in all.
  public var packedCount: Int {
    let columns = panels(width: Self.widestPanel) * Self.widestPanel
    return switch algorithm {
    case .direct: shape.groups * columns * shape.depth(direction)
    case .winograd: 36 * columns * shape.sourceChannels(direction)
    }
  }
}
