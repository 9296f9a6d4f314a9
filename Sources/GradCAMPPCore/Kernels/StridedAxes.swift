/// How the elements of a box lie in two tensors: for each axis its extent, and how far apart its
/// places are in the one that is read and in the one that is written.
///
/// A distance may be negative, and 0 in the tensor that is read. All is trivial and computed before
/// a tier sees it, as in `BroadcastAxes`.
public struct StridedAxes: Sendable {
  /// One axis.
  public struct Axis: Hashable, Sendable {
    /// Places.
    public var extent: Int
    /// Distance of two places in the tensor that is read.
    public var source: Int
    /// Distance of two places in the tensor that is written.
    public var target: Int

    /// An axis.
    public init(extent: Int, source: Int, target: Int) {
      self.extent = extent
      self.source = source
      self.target = target
    }
  }

  /// Most axes that a box may have once those that lie as one are one.
  public static let maximumRank = 10

  /// All axes but those of the planes.
  @usableFromInline let outer: StridedAxisList

  /// The axis along which a plane is read: its places lie closest together there.
  @usableFromInline let rows: StridedAxes.Axis

  /// The axis along which a plane is written.
  @usableFromInline let columns: StridedAxes.Axis

  /// Where the first element lies in the tensor that is read.
  @usableFromInline let sourceStart: Int

  /// Where it lies in the one that is written.
  @usableFromInline let targetStart: Int

  /// The lowest and highest place of any element, in either tensor.
  @usableFromInline let sourceFirst: Int
  @usableFromInline let sourceLast: Int
  @usableFromInline let targetFirst: Int
  @usableFromInline let targetLast: Int

  /// A box of axes, outermost first as they are written, at most `maximumRank` of them.
  public init(_ axes: [Axis], sourceStart: Int = 0, targetStart: Int = 0) {
    var merged = Self.merged(axes)
    precondition(merged.count <= Self.maximumRank, "a box has too many axes")
    self.sourceStart = sourceStart
    self.targetStart = targetStart
    let sources = merged.map { ($0.extent - 1) * $0.source }
    sourceFirst = sources.reduce(sourceStart) { $0 + min($1, 0) }
    sourceLast = sources.reduce(sourceStart) { $0 + max($1, 0) }
    let targets = merged.map { ($0.extent - 1) * $0.target }
    targetFirst = targets.reduce(targetStart) { $0 + min($1, 0) }
    targetLast = targets.reduce(targetStart) { $0 + max($1, 0) }
    let single = Axis(extent: 1, source: 0, target: 0)
    columns = merged.popLast() ?? single
    // Rows of their own pay where the columns are far apart.
    let closest = merged.indices.filter { merged[$0].source != 0 }
      .min { abs(merged[$0].source) < abs(merged[$1].source) }
    if let closest, abs(merged[closest].source) < abs(columns.source) {
      rows = merged.remove(at: closest)
    } else {
      rows = single
    }
    outer = StridedAxisList(merged)
  }

  /// Without axes of one place, and with neighbours that lie as one axis made one.
  private static func merged(_ axes: [Axis]) -> [Axis] {
    var merged: [Axis] = []
    for axis in axes where axis.extent != 1 {
      if let last = merged.last, last.source == axis.source * axis.extent,
        last.target == axis.target * axis.extent
      {
        merged[merged.count - 1] = Axis(
          extent: last.extent * axis.extent, source: axis.source, target: axis.target)
      } else {
        merged.append(axis)
      }
    }
    return merged
  }
}

/// Some axes of a `StridedAxes`, outermost first; passed in memory, as a `BroadcastAxisList`.
@usableFromInline
struct StridedAxisList: Sendable {
  @usableFromInline var extents = SIMD8<Int>(repeating: 1)
  @usableFromInline var source = SIMD8<Int>()
  @usableFromInline var target = SIMD8<Int>()
  /// How many of the numbers above are axes.
  @usableFromInline let count: Int
  /// The product of the extents.
  @usableFromInline let places: Int

  init(_ axes: [StridedAxes.Axis]) {
    precondition(axes.count <= 8, "a box has too many axes")
    count = axes.count
    places = axes.reduce(1) { $0 * $1.extent }
    for (index, axis) in axes.enumerated() {
      extents[index] = axis.extent
      source[index] = axis.source
      target[index] = axis.target
    }
  }

  /// Where the elements at a place of the axes, counted in their order, lie in either tensor.
  @inlinable @inline(__always)
  func offsets(_ place: Int) -> (source: Int, target: Int) {
    var rest = place
    var offsets = (source: 0, target: 0)
    var index = count - 1
    while index >= 0 {
      let extent = extents[index]
      let digit = rest % extent
      rest /= extent
      offsets.source += digit * source[index]
      offsets.target += digit * target[index]
      index -= 1
    }
    return offsets
  }
}
