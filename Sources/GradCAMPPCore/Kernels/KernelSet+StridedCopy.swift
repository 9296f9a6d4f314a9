// Elements that move from one order of axes to another: transposes, slices, repetitions. Bound by
// memory. A plane is copied in squares of 16 x 16, so that of each cache line that is touched, in
// either tensor, all of it is used while it is near; where the innermost axis is the same in both,
// lines are copied. A task is about 16384 elements.

/// The plane of a box, and the part of it that a task copies.
@usableFromInline
struct StridedPlane {
  @usableFromInline let source: UnsafePointer<Float>
  @usableFromInline let target: UnsafeMutablePointer<Float>
  @usableFromInline let rows: StridedAxes.Axis
  @usableFromInline let columns: StridedAxes.Axis

  @inlinable
  init(
    source: UnsafePointer<Float>, target: UnsafeMutablePointer<Float>, rows: StridedAxes.Axis,
    columns: StridedAxes.Axis
  ) {
    self.source = source
    self.target = target
    self.rows = rows
    self.columns = columns
  }
}

extension KernelSet {
  /// Copies a box of elements; what lies beside it in the target stays.
  @inlinable
  public static func copyStrided(
    _ source: Span<Float>, _ axes: StridedAxes, into target: inout MutableSpan<Float>
  ) {
    guard axes.outer.places > 0, axes.rows.extent > 0, axes.columns.extent > 0 else { return }
    precondition(
      axes.sourceFirst >= 0 && axes.sourceLast < source.count && axes.targetFirst >= 0
        && axes.targetLast < target.count,
      "copyStrided: the box leaves a tensor")
    let square = 16
    let part = 16384
    let (rows, columns) = (axes.rows, axes.columns)
    let strips = (rows.extent + square - 1) / square
    let parts = (columns.extent + part - 1) / part
    let perTask = max(1, part / (min(rows.extent, square) * min(columns.extent, part)))
    source.withUnsafeBufferPointer { source in
      target.withUnsafeMutableBufferPointer { target in
        guard let source = source.baseAddress, let target = target.baseAddress else { return }
        ThreadPool.shared.parallelRuns(axes.outer.places * strips * parts, length: perTask) { run in
          for task in run {
            let (place, rest) = task.quotientAndRemainder(dividingBy: strips * parts)
            let (strip, column) = rest.quotientAndRemainder(dividingBy: parts)
            let offsets = axes.outer.offsets(place)
            let plane = StridedPlane(
              source: source + axes.sourceStart + offsets.source,
              target: target + axes.targetStart + offsets.target, rows: rows, columns: columns)
            Self.copyPlane(
              plane, strip * square..<min(rows.extent, (strip + 1) * square),
              column * part..<min(columns.extent, (column + 1) * part))
          }
        }
      }
    }
  }

  /// Some rows and columns of a plane, square by square.
  @inlinable
  static func copyPlane(_ plane: StridedPlane, _ rows: Range<Int>, _ columns: Range<Int>) {
    let (sourceStride, targetStride) = (plane.columns.source, plane.columns.target)
    if rows.count == 1 || (sourceStride == 1 && targetStride == 1) {
      for row in rows {
        copyLine(
          plane.source + row * plane.rows.source + columns.lowerBound * sourceStride, sourceStride,
          plane.target + row * plane.rows.target + columns.lowerBound * targetStride, targetStride,
          columns.count)
      }
      return
    }
    var first = columns.lowerBound
    while first < columns.upperBound {
      let square = min(16, columns.upperBound - first)
      for row in rows {
        copyLine(
          plane.source + row * plane.rows.source + first * sourceStride, sourceStride,
          plane.target + row * plane.rows.target + first * targetStride, targetStride, square)
      }
      first += 16
    }
  }

  /// Elements of one axis.
  @inlinable @inline(__always)
  static func copyLine(
    _ source: UnsafePointer<Float>, _ sourceStride: Int, _ target: UnsafeMutablePointer<Float>,
    _ targetStride: Int, _ count: Int
  ) {
    var index = 0
    if sourceStride == 1, targetStride == 1 {
      while index + Vector.width <= count {
        Vector.load(source + index).store(target + index)
        index += Vector.width
      }
    }
    while index < count {
      target[index &* targetStride] = source[index &* sourceStride]
      index += 1
    }
  }
}
