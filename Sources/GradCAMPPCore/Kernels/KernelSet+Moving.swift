// Loops that move numbers and compute nothing, bound by memory. A task is a run of 16384 elements
// (64 KiB). As in `KernelSet+Elementwise.swift` each body is a static method of the tier.

extension KernelSet {
  /// Writes zeros.
  @inlinable
  public static func clear(_ numbers: inout MutableSpan<Float>) {
    numbers.withUnsafeMutableBufferPointer { numbers in
      ThreadPool.shared.parallelRuns(numbers.count) { Self.clear($0, numbers) }
    }
  }

  @inlinable
  static func clear(_ run: Range<Int>, _ numbers: UnsafeMutableBufferPointer<Float>) {
    for index in run { numbers[index] = 0 }
  }

  /// `copy = numbers`.
  @inlinable
  public static func copy(_ numbers: Span<Float>, into copy: inout MutableSpan<Float>) {
    replicate(numbers, itemCount: max(numbers.count, 1), times: 1, into: &copy)
  }

  /// Copies each item of `itemCount` elements `times` times, one copy after the other.
  @inlinable
  public static func replicate(
    _ items: Span<Float>, itemCount: Int, times: Int, into copies: inout MutableSpan<Float>
  ) {
    precondition(
      itemCount > 0 && items.count.isMultiple(of: itemCount)
        && copies.count == items.count * times,
      "replicate: lengths differ")
    items.withUnsafeBufferPointer { items in
      copies.withUnsafeMutableBufferPointer { copies in
        ThreadPool.shared.parallelRuns(copies.count) {
          Self.replicate($0, items, itemCount, times, copies)
        }
      }
    }
  }

  @inlinable
  static func replicate(
    _ run: Range<Int>, _ items: UnsafeBufferPointer<Float>, _ itemCount: Int, _ times: Int,
    _ copies: UnsafeMutableBufferPointer<Float>
  ) {
    guard let items = items.baseAddress, let copies = copies.baseAddress else { return }
    var index = run.lowerBound
    while index < run.upperBound {
      // From here to the end of a copy.
      let (copy, place) = index.quotientAndRemainder(dividingBy: itemCount)
      let count = min(itemCount - place, run.upperBound - index)
      (copies + index).update(from: items + copy / times * itemCount + place, count: count)
      index += count
    }
  }

  /// Writes a part at its place of the whole; the rest stays as it is.
  @inlinable
  public static func insert(
    _ part: Span<Float>, _ place: AxisParts.Part, into whole: inout MutableSpan<Float>
  ) {
    precondition(
      part.count * place.wholeCount == whole.count * place.count && place.count > 0,
      "insert: lengths differ")
    let stretches = part.count / place.count
    part.withUnsafeBufferPointer { part in
      whole.withUnsafeMutableBufferPointer { whole in
        guard let part = part.baseAddress, let whole = whole.baseAddress else { return }
        Self.moveStretches(
          stretches, of: place.count, from: part, apart: place.count, to: whole + place.start,
          apart: place.wholeCount)
      }
    }
  }

  /// Reads a part from its place of the whole.
  @inlinable
  public static func extract(
    _ whole: Span<Float>, _ place: AxisParts.Part, into part: inout MutableSpan<Float>
  ) {
    precondition(
      part.count * place.wholeCount == whole.count * place.count && place.count > 0,
      "extract: lengths differ")
    let stretches = part.count / place.count
    whole.withUnsafeBufferPointer { whole in
      part.withUnsafeMutableBufferPointer { part in
        guard let part = part.baseAddress, let whole = whole.baseAddress else { return }
        Self.moveStretches(
          stretches, of: place.count, from: whole + place.start, apart: place.wholeCount, to: part,
          apart: place.count)
      }
    }
  }

  /// Copies stretches of `count` elements from one distance to another.
  @inlinable
  static func moveStretches(
    _ stretches: Int, of count: Int, from source: UnsafePointer<Float>, apart sourceStride: Int,
    to target: UnsafeMutablePointer<Float>, apart targetStride: Int
  ) {
    let perTask = max(1, 16384 / count)
    ThreadPool.shared.parallelRuns(stretches, length: perTask) { run in
      Self.moveStretches(run, count, source, sourceStride, target, targetStride)
    }
  }

  @inlinable
  static func moveStretches(
    _ run: Range<Int>, _ count: Int, _ source: UnsafePointer<Float>, _ sourceStride: Int,
    _ target: UnsafeMutablePointer<Float>, _ targetStride: Int
  ) {
    for stretch in run {
      (target + stretch * targetStride).update(from: source + stretch * sourceStride, count: count)
    }
  }
}
