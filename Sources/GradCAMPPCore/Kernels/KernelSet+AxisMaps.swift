// Weighted sums along one axis of a tensor: padding and interpolation, one axis after the other, and
// their gradients, which are the same with the transposed map. What lies inside the axis is a line of
// neighbouring elements, so that a register holds as many sums. Bound by memory; a task is as many
// lines of the result as make 16384 elements.

extension KernelSet {
  /// Maps an axis with `inner` elements at each of its places; a place without taps becomes `fill`.
  @inlinable
  public static func mapAxis(
    _ input: Span<Float>, _ map: AxisMap, inner: Int, fill: Float,
    into output: inout MutableSpan<Float>
  ) {
    precondition(
      inner > 0 && map.input > 0 && input.count.isMultiple(of: map.input * inner)
        && input.count / map.input * map.output == output.count,
      "mapAxis: lengths do not fit the map")
    let lines = output.count / inner
    input.withUnsafeBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        guard let input = input.baseAddress, let output = output.baseAddress else { return }
        ThreadPool.shared.parallelRuns(lines, length: max(1, 16384 / inner)) { run in
          for line in run {
            Self.mapLine(line, input, map, inner, fill, into: output + line * inner)
          }
        }
      }
    }
  }

  /// The elements at one place of the result.
  @inlinable
  static func mapLine(
    _ line: Int, _ input: UnsafePointer<Float>, _ map: AxisMap, _ inner: Int, _ fill: Float,
    into result: UnsafeMutablePointer<Float>
  ) {
    let (item, place) = line.quotientAndRemainder(dividingBy: map.output)
    let source = input + item * map.input * inner
    let taps = map.taps
    let (first, end) = (map.starts[place], map.starts[place + 1])
    guard first < end else { return result.update(repeating: fill, count: inner) }
    var index = 0
    while index + Vector.width <= inner {
      var sum = Vector(repeating: 0)
      for tap in first..<end {
        sum = sum.addingProduct(
          .load(source + taps[tap].cell * inner + index), Vector(repeating: taps[tap].weight))
      }
      sum.store(result + index)
      index += Vector.width
    }
    while index < inner {
      var sum: Float = 0
      for tap in first..<end { sum += source[taps[tap].cell * inner + index] * taps[tap].weight }
      result[index] = sum
      index += 1
    }
  }
}
