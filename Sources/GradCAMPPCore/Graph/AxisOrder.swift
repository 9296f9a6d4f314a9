import GradCAMPPKernels

/// In which order the axes of a tensor lie in memory.
///
/// Operations count a tensor's axes in their own order: a convolution's weights are (outputs,
/// inputs, height, width). Where a file keeps them otherwise, `axes[i]` is the axis that lies at
/// place i, outermost first: [2, 3, 1, 0] for (height, width, inputs, outputs).
public struct AxisOrder: Hashable, Sendable {
  /// The axis at each place, outermost first.
  public let axes: [Int]

  /// An order of axes, each named once.
  public init(_ axes: [Int]) {
    precondition(axes.sorted() == Array(axes.indices), "not an order of axes")
    self.axes = axes
  }

  /// Axes that lie as operations count them.
  public static func plain(_ rank: Int) -> AxisOrder { AxisOrder(Array(0..<rank)) }

  /// (N, C, spatial…) kept as (N, spatial…, C).
  public static func channelsLast(_ rank: Int) -> AxisOrder {
    rank < 3 ? plain(rank) : AxisOrder([0] + Array(2..<rank) + [1])
  }

  /// (outputs, inputs, taps…) kept as (taps…, inputs, outputs), this library's filters.
  public static func filter(_ rank: Int) -> AxisOrder { AxisOrder(Array(2..<rank) + [1, 0]) }

  /// The number of axes.
  public var rank: Int { axes.count }

  /// Whether axes lie as operations count them.
  public var isPlain: Bool { axes == Array(axes.indices) }

  /// The place of an axis.
  public func place(of axis: Int) -> Int { axes.firstIndex(of: axis) ?? axis }

  /// The extents as they lie, of a tensor whose extents operations count as `shape`.
  public func stored(_ shape: Shape) -> Shape { Shape(axes.map { shape[$0] }) }

  /// The `perm` of a Transpose that turns memory of this order into memory of `other`.
  public func permutation(to other: AxisOrder) -> [Int] { other.axes.map { place(of: $0) } }

  /// The order of the same memory once its axes are counted anew: axis j is what `perm[j]` was.
  public func counted(by perm: [Int]) -> AxisOrder {
    AxisOrder(axes.map { axis in perm.firstIndex(of: axis) ?? axis })
  }

  /// Whether memory of this order, for these extents, is memory of `other` as well: only axes of
  /// extent 1 change places.
  public func coincides(with other: AxisOrder, for shape: Shape) -> Bool {
    axes.filter { shape[$0] != 1 } == other.axes.filter { shape[$0] != 1 }
  }

  /// The order of the same memory with other extents of as many elements, where each stretch of
  /// axes that becomes another lies next to each other; nil where memory would have to move.
  public func reshaped(_ shape: Shape, to other: Shape) -> AxisOrder? {
    // Axes of extent 1 lie anywhere.
    let lying = axes.filter { shape[$0] != 1 }
    var (old, new) = (0, 0)
    // For each old stretch the axes that it becomes, by its first axis.
    var parts: [Int: (count: Int, axes: [Int])] = [:]
    while old < shape.rank || new < other.rank {
      var (olds, news): ([Int], [Int]) = ([], [])
      var (left, right) = (1, 1)
      repeat {
        if left <= right, old < shape.rank {
          left *= shape[old]
          if shape[old] != 1 { olds.append(old) }
          old += 1
        } else if new < other.rank {
          right *= other[new]
          if other[new] != 1 { news.append(new) }
          new += 1
        } else {
          return nil
        }
      } while left != right
      guard let first = olds.first else { continue }
      parts[first] = (olds.count, news)
      guard let place = lying.firstIndex(of: first),
        Array(lying[place...].prefix(olds.count)) == olds
      else { return nil }
    }
    var found: [Int] = []
    var place = 0
    while place < lying.count {
      guard let part = parts[lying[place]] else { return nil }
      found += part.axes
      place += part.count
    }
    let usual = [AxisOrder.plain(other.rank), .channelsLast(other.rank)]
    return usual.first { $0.axes.filter { other[$0] != 1 } == found }
      ?? AxisOrder(other.extents.indices.filter { other[$0] == 1 } + found)
  }
}
