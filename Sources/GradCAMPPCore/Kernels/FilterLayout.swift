/// How a filter is laid out for a direction, an algorithm and a tier.
///
/// A filter is a matrix of `terms` rows and `columns` columns, cut into panels as wide as a tile of
/// the tier; missing columns of the last panel are 0. For each term a panel has one number for each
/// of its columns. Of several groups each is stored as a matrix without missing columns, from which
/// panels are copied when they are needed; narrow ones are merged first. A depthwise filter is stored
/// as it comes. Winograd's way has 36 such matrices, one for each position of the transformed tile,
/// whose terms are the source channels and whose columns are the result channels.
public struct FilterLayout: Hashable, Sendable {
  /// The filter's extents.
  public let shape: FilterShape
  /// Forward or gradient.
  public let direction: ConvolutionDirection
  /// How the convolution is computed.
  public let algorithm: ConvolutionAlgorithm

  /// Columns of the widest tier's panels.
  @inlinable public static var widestPanel: Int { 32 }

  /// The layout of the filter of a step.
  public init(_ step: ConvolutionStep) {
    shape = step.filter
    direction = step.direction
    algorithm = step.algorithm
  }

  /// Rows of a matrix.
  @inlinable public var terms: Int {
    switch algorithm {
    case .winograd, .tapwise: shape.sourceChannels(direction)
    case .interleaved, .direct, .depthwise: mergedGroups * shape.depth(direction)
    }
  }

  /// Columns of a matrix.
  @inlinable public var columns: Int {
    let channels = shape.resultChannels(direction)
    return algorithm == .tapwise ? shape.kernel.count * channels : mergedGroups * channels
  }

  /// Panels of a group.
  @inlinable
  public func panels(width: Int) -> Int { (columns + width - 1) / width }

  /// Elements of the packed filter, on any tier: panels are narrower elsewhere, never more in all.
  public var packedCount: Int {
    if algorithm == .depthwise || isCompact { return mergedGroups * shape.count }
    let matrix = panels(width: Self.widestPanel) * Self.widestPanel * terms
    return algorithm == .winograd ? 36 * matrix : shape.groups * matrix
  }

  /// Whether the filter's groups are stored as matrices without missing columns, one row of
  /// `columns` for each term.
  @inlinable public var isCompact: Bool { algorithm == .direct && shape.groups > 1 }

  /// Neighbouring groups that are computed as one, with zeros between them: as many as one register
  /// of the widest tier has room for, which would be as empty with one of them.
  @inlinable public var mergedGroups: Int {
    guard isCompact else { return 1 }
    let channels = max(shape.sourceChannels(direction), shape.resultChannels(direction))
    var merged = max(1, Self.widestPanel / 2 / channels)
    while shape.groups % merged != 0 { merged -= 1 }
    return merged
  }

  /// The tap, source channel and result channel of a matrix element; not for Winograd's way.
  @inlinable
  func element(term: Int, column: Int) -> (tap: Int, source: Int, result: Int) {
    let sourceChannels = shape.sourceChannels(direction)
    switch algorithm {
    case .interleaved:
      // Columns of taps, in each the rows, in each the channels.
      let (tapColumn, rest) = term.quotientAndRemainder(
        dividingBy: shape.kernel.height * sourceChannels)
      let row = rest / sourceChannels
      return (row * shape.kernel.width + tapColumn, rest % sourceChannels, column)
    case .tapwise:
      let channels = shape.resultChannels(direction)
      return (column / channels, term, column % channels)
    case .direct, .winograd, .depthwise:
      return (term / sourceChannels, term % sourceChannels, column)
    }
  }
}
