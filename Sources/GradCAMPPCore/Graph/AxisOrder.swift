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
}
