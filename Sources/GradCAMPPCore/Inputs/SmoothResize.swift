import GradCAMPPKernels

/// Resizing of a picture of 8 bits a colour by a filter that is as wide as the coarser of the two
/// pictures needs, so that nothing is skipped where one is made smaller.
///
/// Along an axis of `n` pixels, target `i` of `out` has its middle at c = (i + 1/2) * n / out, and
/// is the mean of the pixels whose middles lie nearer than reach * s, where s = max(n / out, 1),
/// each weighted by the filter at (middle - c) / s; pixels outside the picture do not count. Columns
/// are resized first, then rows, each in fixed point of 22 bits and rounded to 8 bits, so that results
/// are bit for bit those of Pillow's `Image.resize` before version 13, which takes rows first for some
/// tall pictures.
struct SmoothResize {
  private let rows: Axis
  private let columns: Axis

  /// A resizing of (rows, columns) to others, of which those in the windows are wanted.
  init(_ filter: ResampleFilter, from source: [Int], to target: [Int], windows: [Range<Int>]) {
    precondition(source.count == 2 && target.count == 2 && windows.count == 2)
    rows = Axis(filter: filter, source: source[0], target: target[0], window: windows[0])
    columns = Axis(filter: filter, source: source[1], target: target[1], window: windows[1])
  }

  /// Resizes a picture of three channels.
  ///
  /// `readLine` writes row `row` of the source, (columns, 3); `store` takes each level with its
  /// position in (rows of the window, columns of the window, 3). Each row of the source is read once;
  /// what is kept is some rows of the window.
  func resize(
    readLine: (_ row: Int, _ line: inout MutableSpan<UInt8>) -> Void,
    store: (_ index: Int, _ level: UInt8) -> Void
  ) {
    let count = columns.window.count * 3
    var line = [UInt8](repeating: 0, count: columns.source * 3)
    var resized = [Int32](repeating: 0, count: count)
    let weights = columns.sharedWeights
    var open: [OpenRow] = []
    var next = rows.window.lowerBound
    var row = rows.weights(next).start
    while next < rows.window.upperBound || !open.isEmpty {
      while next < rows.window.upperBound, rows.start(next) <= row {
        open.append(OpenRow(index: next, rows.weights(next), count: count))
        next += 1
      }
      var span = line.mutableSpan
      readLine(row, &span)
      fillColumns(from: line, weights, into: &resized)
      for place in open.indices { open[place].add(resized, of: row) }
      row += 1
      for done in open where done.end <= row {
        let start = (done.index - rows.window.lowerBound) * count
        for index in 0..<count { store(start + index, UInt8(fixedPoint: done.sums[index])) }
      }
      open.removeAll { $0.end <= row }
    }
  }

  /// Resizes one row.
  private func fillColumns(
    from line: [UInt8], _ shared: [Weights], into resized: inout [Int32]
  ) {
    for (place, target) in columns.window.enumerated() {
      let weights = shared.isEmpty ? columns.weights(target) : shared[place]
      var sums = SIMD3<Int32>(repeating: Int32.fixedPointHalf)
      var index = weights.start * 3
      for factor in weights.factors {
        let pixel = SIMD3(Int32(line[index]), Int32(line[index + 1]), Int32(line[index + 2]))
        sums = sums &+ pixel &* factor
        index += 3
      }
      for channel in 0..<3 {
        resized[place * 3 + channel] = Int32(UInt8(fixedPoint: sums[channel]))
      }
    }
  }
}

/// One axis of a resizing.
private struct Axis {
  let filter: ResampleFilter
  let source: Int
  let target: Int
  let window: Range<Int>

  /// How many pixels of the source lie in one of the target.
  private var scale: Double { Double(source) / Double(target) }

  private func middle(_ index: Int) -> Double { (Double(index) + 0.5) * scale }

  private var reach: Double { filter.reach * max(scale, 1) }

  /// The first pixel that target `index` is made of.
  func start(_ index: Int) -> Int { max(Int(middle(index) - reach + 0.5), 0) }

  /// What target `index` is made of.
  func weights(_ index: Int) -> Weights {
    let start = self.start(index)
    let end = min(Int(middle(index) + reach + 0.5), source)
    let first = Double(start) - middle(index) + 0.5
    let step = 1 / max(scale, 1)
    let factors = (0..<max(end - start, 1)).map { filter.weight((Double($0) + first) * step) }
    let sum = factors.reduce(0, +)
    let whole = sum == 0 ? 1 : sum
    return Weights(start: start, factors: factors.map { Int32(fixedPoint: $0 / whole) })
  }

  /// Those of all targets of the window; empty where the axis is so long that they would take more
  /// memory than its picture, which then has few rows.
  var sharedWeights: [Weights] { source > 1 << 20 ? [] : window.map { weights($0) } }
}

/// Factors of consecutive pixels, in fixed point.
private struct Weights {
  let start: Int
  let factors: [Int32]
}

/// A row of the result that lacks rows of the source.
private struct OpenRow {
  let index: Int
  private let weights: Weights
  private(set) var sums: [Int32]

  init(index: Int, _ weights: Weights, count: Int) {
    self.index = index
    self.weights = weights
    sums = [Int32](repeating: Int32.fixedPointHalf, count: count)
  }

  /// The row after the last that counts.
  var end: Int { weights.start + weights.factors.count }

  mutating func add(_ levels: [Int32], of row: Int) {
    let factor = weights.factors[row - weights.start]
    for index in levels.indices { sums[index] = sums[index] &+ levels[index] &* factor }
  }
}

// Fixed point with 22 bits behind the point: 8 bits of a colour and 2 of its overshoot fit before.
extension Int32 {
  fileprivate static let fixedPointHalf: Int32 = 1 << 21

  fileprivate init(fixedPoint value: Double) {
    self = Int32(value * Double(1 << 22) + (value < 0 ? -0.5 : 0.5))
  }
}

extension UInt8 {
  fileprivate init(fixedPoint value: Int32) {
    self = UInt8(Swift.min(Swift.max(value >> 22, 0), 255))
  }
}
