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

    init(from source: Int, to target: Int) {
      precondition(source > 0 && target > 0)
      let positions = (0..<target).map { index in
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
    precondition(source.count == target.count && !source.isEmpty, "ranks differ")
    axes = zip(source, target).map { Axis(from: $0, to: $1) }
  }

  /// The number of elements of a result with one channel.
  public var targetCount: Int { axes.reduce(1) { $0 * $1.targetCount } }

  /// Resizes numbers of the source extents and `channels` innermost.
  public func resize(
    _ source: Span<Double>, channels: Int = 1, into target: inout MutableSpan<Double>
  ) {
    let columns = axes[axes.count - 1].sourceCount
    precondition(source.count == axes.reduce(channels) { $0 * $1.sourceCount })
    var smallest = source[0]
    var largest = source[0]
    for index in source.indices {
      smallest = min(smallest, source[index])
      largest = max(largest, source[index])
    }
    resize(channels: channels, smallest: smallest, largest: largest, into: &target) {
      (line, column, channel) in source[(line * columns + column) * channels + channel]
    }
  }

  /// Resizes numbers that `sample` gives for a line (the outer axes, flattened), a column and a
  /// channel; `smallest` and `largest` are those of all source numbers.
  func resize(
    channels: Int, smallest: Double, largest: Double, into target: inout MutableSpan<Double>,
    sample: (_ line: Int, _ column: Int, _ channel: Int) -> Double
  ) {
    precondition(target.count == targetCount * channels)
    let resized = lines(axis: 0, line: 0, channels: channels, sample)
    for index in resized.indices { target[index] = min(max(resized[index], smallest), largest) }
  }

  /// The part of the result that lies along `axis` and the axes inside it, at one place of the
  /// axes outside, which `line` counts.
  private func lines(
    axis: Int, line: Int, channels: Int, _ sample: (Int, Int, Int) -> Double
  ) -> [Double] {
    let along = axes[axis]
    guard axis < axes.count - 1 else {
      return columns(along, line: line, channels: channels, sample)
    }
    let innerCount = axes[(axis + 1)...].reduce(channels) { $0 * $1.targetCount }
    let outside = [Double](repeating: 0, count: innerCount)
    func inner(_ index: Int) -> [Double] {
      guard index >= 0, index < along.sourceCount else { return outside }
      return lines(
        axis: axis + 1, line: line * along.sourceCount + index, channels: channels, sample)
    }
    var result = [Double](repeating: 0, count: along.targetCount * innerCount)
    // Neighbouring targets share source lines: each is made once.
    var lower = (index: -1, values: outside)
    var upper = lower
    for target in 0..<along.targetCount {
      let first = along.lower[target]
      let second = along.upper[target]
      if lower.index != first { lower = upper.index == first ? upper : (first, inner(first)) }
      if upper.index != second { upper = lower.index == second ? lower : (second, inner(second)) }
      let weight = along.weight[target]
      for index in 0..<innerCount {
        result[target * innerCount + index] =
          (1 - weight) * lower.values[index] + weight * upper.values[index]
      }
    }
    return result
  }

  /// One line of the result along the innermost axis.
  private func columns(
    _ along: Axis, line: Int, channels: Int, _ sample: (Int, Int, Int) -> Double
  ) -> [Double] {
    func value(_ column: Int, _ channel: Int) -> Double {
      column >= 0 && column < along.sourceCount ? sample(line, column, channel) : 0
    }
    var result = [Double](repeating: 0, count: along.targetCount * channels)
    for target in 0..<along.targetCount {
      let weight = along.weight[target]
      for channel in 0..<channels {
        result[target * channels + channel] =
          (1 - weight) * value(along.lower[target], channel)
          + weight * value(along.upper[target], channel)
      }
    }
    return result
  }
}
