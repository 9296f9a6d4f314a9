/// Products of matrices in batches: which matrices of two operands meet, and how they lie.
///
/// A result of `rows` x `columns` is the sum of `terms` products for each element. Axes of the batch
/// over which an operand has one matrix are spread; those over which the result has one are summed.
public struct MatrixBatch: Sendable {
  /// Rows of the left operand and of the result.
  public let rows: Int
  /// Columns of the right operand and of the result.
  public let columns: Int
  /// Columns of the left operand and rows of the right one.
  public let terms: Int
  /// Whether the left operand lies as (terms, rows).
  public let isLeftTurned: Bool
  /// Whether the right operand lies as (columns, terms).
  public let isRightTurned: Bool

  /// Axes of the batch that the result has; distances in elements.
  @usableFromInline let kept: BroadcastAxisList

  /// Axes of the batch that are summed over.
  @usableFromInline let summed: BroadcastAxisList

  /// Elements of the left operand, the right one, and the result.
  @usableFromInline let leftCount: Int
  @usableFromInline let rightCount: Int
  @usableFromInline let resultCount: Int

  /// Products of operands whose batches have these extents, as many axes each, at most 8.
  public init(
    rows: Int, columns: Int, terms: Int, left: [Int], right: [Int], result: [Int],
    isLeftTurned: Bool = false, isRightTurned: Bool = false
  ) {
    precondition(
      left.count == right.count && left.count == result.count && left.count <= 8,
      "batches of other ranks")
    self.rows = rows
    self.columns = columns
    self.terms = terms
    self.isLeftTurned = isLeftTurned
    self.isRightTurned = isRightTurned
    var axes: [BroadcastAxes.Axis] = []
    var strides = (left: rows * terms, right: terms * columns, result: rows * columns)
    for axis in left.indices.reversed() {
      axes.append(
        BroadcastAxes.Axis(
          extent: max(left[axis], right[axis], result[axis]),
          left: left[axis] == 1 ? 0 : strides.left, right: right[axis] == 1 ? 0 : strides.right,
          result: result[axis] == 1 ? 0 : strides.result))
      strides.left *= left[axis]
      strides.right *= right[axis]
      strides.result *= result[axis]
    }
    axes = axes.reversed().filter { $0.extent != 1 }
    kept = BroadcastAxisList(axes.filter { $0.result != 0 })
    summed = BroadcastAxisList(axes.filter { $0.result == 0 })
    (leftCount, rightCount, resultCount) = (strides.left, strides.right, strides.result)
  }

  /// Elements of scratch that the products need, on any tier.
  public var scratch: Int { MatrixBlocks.scratchPerWorker * ThreadPool.shared.limit }
}

/// The sizes of the tasks of products of matrices.
@usableFromInline
enum MatrixBlocks {
  /// Rows of one task: a multiple of every tier's tile rows, few enough that they stay in the
  /// second-level cache.
  @inlinable static var rowsPerTask: Int { 96 }

  /// Terms of the sum that are taken at a time: a panel of them stays in the first-level cache.
  @inlinable static var termsPerBlock: Int { 384 }

  /// Gathered rows, one tile of results, and a panel.
  @inlinable static var scratchPerWorker: Int {
    rowsPerTask * termsPerBlock + (8 + termsPerBlock) * FilterLayout.widestPanel
  }
}
