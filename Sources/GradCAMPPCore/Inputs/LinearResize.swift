/// Linear interpolation of a grid to another size, without smoothing, in double precision.
///
/// It resizes pictures (2 spatial axes) and heat maps (1 to 3). Along an axis of `n` samples,
/// target `i` of `out` lies at
///
///     p = (i + 0.5) * n / out - 0.5
///
/// between samples floor(p) and ceil(p); a sample outside the grid counts as 0. So whatever is
/// enlarged fades towards its border: the first value of 14 to 224 is weighted by
/// 1 - 0.46875 = 0.53125 along each axis.
///
/// The result is clipped to the smallest and the largest source value. Source: `resize` of
/// scikit-image 0.13 in mode `constant` with its default arguments, up to rounding of the
/// position there (1.2e-13 was seen in the result). Its clipping spares exact zeros when the range
/// excludes 0; there are none, since no target lies a whole sample outside the grid.
public struct LinearResize: Sendable {
  /// Where the targets of one axis lie.
  private struct Axis {
    let sourceCount: Int
    /// floor(p) and ceil(p); -1 and `sourceCount` are outside.
    let lower: [Int]
    let upper: [Int]
    /// p - floor(p), the weight of `upper`.
    let weight: [Double]

    init(from source: Int, to target: Int, window: Range<Int>) {
      precondition(source > 0 && target > 0)
      let positions = window.map { index in
        (Double(index) + 0.5) * Double(source) / Double(target) - 0.5
      }
      sourceCount = source
      lower = positions.map { Int($0.rounded(.down)) }
      upper = positions.map { Int($0.rounded(.up)) }
      weight = positions.map { $0 - $0.rounded(.down) }
    }

    var targetCount: Int { weight.count }
  }

  private let axes: [Axis]

  /// A resizing of spatial extents, outermost first, all 1 or more.
  public init(from source: [Int], to target: [Int]) {
    self.init(from: source, to: target, windows: target.map { 0..<$0 })
  }

  /// A resizing of which a part is wanted: of each axis those targets that a window holds.
  init(from source: [Int], to target: [Int], windows: [Range<Int>]) {
    precondition(source.count == target.count && !source.isEmpty, "ranks differ")
    axes = source.indices.map { Axis(from: source[$0], to: target[$0], window: windows[$0]) }
  }

  /// The number of elements of a result with one channel.
  public var targetCount: Int { axes.reduce(1) { $0 * $1.targetCount } }

  /// Resizes numbers of the source extents; `store` takes each result with its position.
  public func resize(_ source: Span<Double>, store: (_ index: Int, _ value: Double) -> Void) {
    let columns = axes[axes.count - 1].sourceCount
    precondition(source.count == axes.reduce(1) { $0 * $1.sourceCount })
    var smallest = source[0]
    var largest = source[0]
    for index in source.indices {
      smallest = min(smallest, source[index])
      largest = max(largest, source[index])
    }
    resize(
      channels: 1, smallest: smallest, largest: largest,
      sample: { line, column, _ in source[line * columns + column] }, store: store)
  }

  /// Resizes numbers that `sample` gives for a line (the outer axes, flattened), a column and a
  /// channel; `smallest` and `largest` are those of all source numbers.
  func resize(
    channels: Int, smallest: Double, largest: Double,
    sample: (_ line: Int, _ column: Int, _ channel: Int) -> Double,
    store: (_ index: Int, _ value: Double) -> Void
  ) {
    var scratch = [Double](repeating: 0, count: scratchCount(axis: 0, channels))
    var memory = scratch.mutableSpan
    guard axes.count > 1 else {
      fillColumns(line: 0, channels, into: &memory, at: 0, sample)
      for index in 0..<targetCount * channels {
        store(index, min(max(memory[index], smallest), largest))
      }
      return
    }
    let count = innerCount(axis: 0, channels)
    var lines = SourceLines(start: 0, count: count)
    for target in 0..<axes[0].targetCount {
      let (lower, upper) = self.lines(
        axis: 0, outer: 0, target: target, channels, &lines, in: &memory, sample)
      let weight = axes[0].weight[target]
      for index in 0..<count {
        let value = (1 - weight) * memory[lower + index] + weight * memory[upper + index]
        store(target * count + index, min(max(value, smallest), largest))
      }
    }
  }

  // MARK: Lines

  /// Two lines of an axis that are kept, because neighbouring targets share them.
  private struct SourceLines {
    let start: Int
    let count: Int
    /// Which line each place holds.
    var first = Int.min
    var second = Int.min
  }

  /// Elements of one target of `axis`: the axes inside it, resized.
  private func innerCount(axis: Int, _ channels: Int) -> Int {
    axes[(axis + 1)...].reduce(channels) { $0 * $1.targetCount }
  }

  /// Elements of scratch that `axis` and the axes inside it need: two lines each, or the columns.
  private func scratchCount(axis: Int, _ channels: Int) -> Int {
    guard axis < axes.count - 1 else { return axes[axis].targetCount * channels }
    return 2 * innerCount(axis: axis, channels) + scratchCount(axis: axis + 1, channels)
  }

  /// Where the two lines between which a target lies are, made now if they are not kept.
  private func lines(
    axis: Int, outer: Int, target: Int, _ channels: Int, _ kept: inout SourceLines,
    in memory: inout MutableSpan<Double>, _ sample: (Int, Int, Int) -> Double
  ) -> (lower: Int, upper: Int) {
    let along = axes[axis]
    let (below, above) = (along.lower[target], along.upper[target])
    let lower = line(
      below, beside: above, axis: axis, outer: outer, channels, &kept, in: &memory, sample)
    let upper = line(
      above, beside: below, axis: axis, outer: outer, channels, &kept, in: &memory, sample)
    return (lower, upper)
  }

  /// Where line `index` of an axis is, made now in the place that does not hold line `other`.
  private func line(
    _ index: Int, beside other: Int, axis: Int, outer: Int, _ channels: Int,
    _ kept: inout SourceLines, in memory: inout MutableSpan<Double>,
    _ sample: (Int, Int, Int) -> Double
  ) -> Int {
    if kept.first == index { return kept.start }
    if kept.second == index { return kept.start + kept.count }
    let isFirst = kept.first != other
    if isFirst { kept.first = index } else { kept.second = index }
    let place = kept.start + (isFirst ? 0 : kept.count)
    if index >= 0, index < axes[axis].sourceCount {
      fill(
        axis: axis + 1, line: outer * axes[axis].sourceCount + index, channels, into: &memory,
        at: place, free: kept.start + 2 * kept.count, sample)
    } else {
      // Outside the grid.
      for element in place..<place + kept.count { memory[element] = 0 }
    }
    return place
  }

  /// Writes the part of the result that lies along `axis` and the axes inside it, at one place of
  /// the axes outside, which `line` counts; scratch is free from `free` on.
  private func fill(
    axis: Int, line: Int, _ channels: Int, into memory: inout MutableSpan<Double>, at start: Int,
    free: Int, _ sample: (Int, Int, Int) -> Double
  ) {
    guard axis < axes.count - 1 else {
      return fillColumns(line: line, channels, into: &memory, at: start, sample)
    }
    let count = innerCount(axis: axis, channels)
    var kept = SourceLines(start: free, count: count)
    for target in 0..<axes[axis].targetCount {
      let (lower, upper) = lines(
        axis: axis, outer: line, target: target, channels, &kept, in: &memory, sample)
      let weight = axes[axis].weight[target]
      for index in 0..<count {
        memory[start + target * count + index] =
          (1 - weight) * memory[lower + index] + weight * memory[upper + index]
      }
    }
  }

  /// Writes one line of the result along the innermost axis.
  private func fillColumns(
    line: Int, _ channels: Int, into memory: inout MutableSpan<Double>, at start: Int,
    _ sample: (Int, Int, Int) -> Double
  ) {
    let along = axes[axes.count - 1]
    func value(_ column: Int, _ channel: Int) -> Double {
      column >= 0 && column < along.sourceCount ? sample(line, column, channel) : 0
    }
    for target in 0..<along.targetCount {
      let weight = along.weight[target]
      let (lower, upper) = (along.lower[target], along.upper[target])
      for channel in 0..<channels {
        memory[start + target * channels + channel] =
          (1 - weight) * value(lower, channel) + weight * value(upper, channel)
      }
    }
  }
}
