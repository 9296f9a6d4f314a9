/// Places along an axis as weighted sums of the places of another: padding, interpolation.
///
/// A class with addresses of its own: a tier shares no function over arrays with other modules.
public final class AxisMap: @unchecked Sendable {
  /// One term of a sum.
  public struct Tap: Hashable, Sendable {
    /// The place that is read.
    public let cell: Int
    /// What it is multiplied by.
    public let weight: Float

    /// A term.
    public init(cell: Int, weight: Float) {
      self.cell = cell
      self.weight = weight
    }
  }

  /// Places that are read.
  public let input: Int
  /// Places that are written.
  public let output: Int

  /// The terms of all sums, one sum behind the other.
  @usableFromInline let taps: UnsafeMutablePointer<Tap>
  /// Where the terms of each place begin; one more than there are places.
  @usableFromInline let starts: UnsafeMutablePointer<Int>

  /// A map from `input` places, the places of each sum inside them; weights of 0 are left out.
  public convenience init(input: Int, _ sums: [[Tap]]) {
    precondition(
      sums.allSatisfy { $0.allSatisfy { (0..<input).contains($0.cell) } }, "a tap outside the axis")
    let kept = sums.map { $0.filter { $0.weight != 0 } }
    self.init(input: input, output: kept.count, tapCount: kept.reduce(0) { $0 + $1.count })
    var count = 0
    for (place, sum) in kept.enumerated() {
      starts[place] = count
      for tap in sum {
        taps[count] = tap
        count += 1
      }
    }
  }

  private init(input: Int, output: Int, tapCount: Int) {
    self.input = input
    self.output = output
    taps = .allocate(capacity: max(tapCount, 1))
    starts = .allocate(capacity: output + 1)
    starts.initialize(repeating: tapCount, count: output + 1)
    taps.initialize(repeating: Tap(cell: 0, weight: 0), count: max(tapCount, 1))
  }

  /// Terms of all sums.
  public var tapCount: Int { starts[output] }

  deinit {
    taps.deallocate()
    starts.deallocate()
  }

  /// The map whose matrix is this one's transposed: what gradients go through.
  public func transposed() -> AxisMap {
    let tapCount = starts[output]
    let result = AxisMap(input: output, output: input, tapCount: tapCount)
    var counts = [Int](repeating: 0, count: input)
    for tap in 0..<tapCount { counts[taps[tap].cell] += 1 }
    var next = 0
    for cell in 0..<input {
      result.starts[cell] = next
      next += counts[cell]
      counts[cell] = result.starts[cell]
    }
    for place in 0..<output {
      for tap in starts[place]..<starts[place + 1] {
        let cell = taps[tap].cell
        result.taps[counts[cell]] = Tap(cell: place, weight: taps[tap].weight)
        counts[cell] += 1
      }
    }
    return result
  }
}
