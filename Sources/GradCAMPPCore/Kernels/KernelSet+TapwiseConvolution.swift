// Convolution to few channels, such as the gradient by a picture's colours.
//
// A tile of 32 results for 3 channels would waste nine tenths of the arithmetic. So the taps become
// columns too: every source cell is multiplied by all taps' weights at once, and a result cell adds
// up, for each tap, the products of the cell that the tap reads. A task takes some result lines; the
// products of their source lines stay in the second-level cache, those on a task's border are
// computed by both tasks.
//
// Serves up to 4 result channels, stride 1, two axes. VGG16's first layer backward (64 terms, 27
// columns) reaches 42 % of the multiply-adds' measured peak (AVX-512, 2 threads,
// docs/benchmarks.md): 5 of 32 columns are empty, and it reads 12.8 MB of gradients.

/// The sizes of a tapwise convolution's parts.
@usableFromInline
struct TapwiseLayout {
  /// Result lines of a task.
  @usableFromInline let linesPerTask: Int
  /// The most source lines that they read.
  @usableFromInline let sourceLines: Int
  /// Numbers of a product line, and of its tile past the end.
  @usableFromInline let productCount: Int
  /// Numbers of the last source cells, copied so that a register tile does not reach over the end.
  @usableFromInline let tailCount: Int
  /// Numbers of a line of sums.
  @usableFromInline let sumCount: Int

  /// Product columns: one panel of the widest tier.
  @inlinable static var columns: Int { FilterLayout.widestPanel }

  @usableFromInline
  init(_ step: ConvolutionStep) {
    let border = (step.geometry.kernel.height - 1) * step.geometry.dilation.height
    let fitting = 131_072 / (Self.columns * step.source.width) - border
    linesPerTask = min(max(fitting, 1), max(step.result.height, 1))
    sourceLines = linesPerTask + border
    productCount = (sourceLines * step.source.width + 8) * Self.columns
    tailCount = 8 * step.filter.sourceChannels(step.direction)
    sumCount = 4 * step.result.width
  }

  @usableFromInline var scratchPerWorker: Int { productCount + tailCount + sumCount }
}

extension KernelSet {
  /// Shares the result lines of a tapwise convolution out.
  @inlinable
  static func convolveTapwise(
    _ source: UnsafePointer<Float>, _ packed: UnsafePointer<Float>, _ step: ConvolutionStep,
    _ finish: Finish, _ scratch: UnsafeMutablePointer<Float>,
    _ result: UnsafeMutablePointer<Float>
  ) {
    let layout = TapwiseLayout(step)
    let extents = step.result
    let sourceChannels = step.filter.sourceChannels(step.direction)
    let channels = step.filter.resultChannels(step.direction)
    let tasksPerSlice = (extents.height + layout.linesPerTask - 1) / layout.linesPerTask
    let slices = step.geometry.batch * extents.depth
    ThreadPool.shared.parallel(slices * tasksPerSlice) { task, worker in
      let slice = task / tasksPerSlice
      let first = task % tasksPerSlice * layout.linesPerTask
      let lines = first..<min(extents.height, first + layout.linesPerTask)
      let products = scratch + worker * layout.scratchPerWorker
      let tail = products + layout.productCount
      let sums = tail + layout.tailCount
      let reach = step.sourceLines(under: lines)
      multiplyTaps(
        source
          + (slice * step.source.height + reach.lowerBound) * step.source.width * sourceChannels,
        cells: reach.count * step.source.width, packed, step, tail: tail, into: products)
      for line in lines {
        addTaps(products, firstLine: reach.lowerBound, step, line: line, into: sums)
        finishLine(
          sums, step, finish,
          into: result + (slice * extents.height + line) * extents.width * channels)
      }
    }
  }

  /// The products of some source cells with all taps.
  @inlinable
  static func multiplyTaps(
    _ source: UnsafePointer<Float>, cells: Int, _ packed: UnsafePointer<Float>,
    _ step: ConvolutionStep, tail: UnsafeMutablePointer<Float>,
    into products: UnsafeMutablePointer<Float>
  ) {
    let terms = step.filter.sourceChannels(step.direction)
    let columns = step.filter.kernel.count * step.filter.resultChannels(step.direction)
    var cell = 0
    while cell < cells {
      var rows = source + cell * terms
      if cell + tileRows > cells {
        tail.update(from: rows, count: (cells - cell) * terms)
        (tail + (cells - cell) * terms).update(
          repeating: 0, count: (tileRows - (cells - cell)) * terms)
        rows = UnsafePointer(tail)
      }
      var column = 0
      while column < columns {
        let panel = packed + column * terms
        multiplyTile(
          rows, rowStride: terms, panel, terms: terms, ahead: panel,
          into: products + cell * TapwiseLayout.columns + column,
          tileStride: TapwiseLayout.columns)
        column += panelWidth
      }
      cell += tileRows
    }
  }

  /// Adds up the taps of a result line, four numbers for each cell.
  @inlinable
  static func addTaps(
    _ products: UnsafePointer<Float>, firstLine: Int, _ step: ConvolutionStep, line: Int,
    into sums: UnsafeMutablePointer<Float>
  ) {
    let geometry = step.geometry, kernel = geometry.kernel
    let channels = step.filter.resultChannels(step.direction)
    let width = step.result.width
    sums.update(repeating: 0, count: 4 * width)
    for tapHeight in 0..<kernel.height {
      let y = step.sourceCoordinate(
        line, tapHeight, 1, geometry.dilation.height, geometry.padding.height)
      guard y >= 0, y < step.source.height else { continue }
      let productLine = products + (y - firstLine) * step.source.width * TapwiseLayout.columns
      for tapWidth in 0..<kernel.width {
        let shift = step.sourceCoordinate(
          0, tapWidth, 1, geometry.dilation.width, geometry.padding.width)
        let tap = (tapHeight * kernel.width + tapWidth) * channels
        let start = max(0, -shift), end = min(width, step.source.width - shift)
        guard start < end else { continue }
        var product = productLine + (start + shift) * TapwiseLayout.columns + tap
        for column in start..<end {
          let sum = Lanes4.load(sums + 4 * column) + Lanes4.load(product)
          sum.store(sums + 4 * column)
          product += TapwiseLayout.columns
        }
      }
    }
  }

  /// Writes a line of sums, plus bias, then the epilogue.
  @inlinable
  static func finishLine(
    _ sums: UnsafePointer<Float>, _ step: ConvolutionStep, _ finish: Finish,
    into line: UnsafeMutablePointer<Float>
  ) {
    let channels = step.filter.resultChannels(step.direction)
    for column in 0..<step.result.width {
      finishTile(
        sums + 4 * column, rows: 1, width: channels, isFirst: true, isLast: true,
        bias: finish.bias, finish, into: line + column * channels, stride: channels)
    }
  }
}

extension ConvolutionStep {
  /// The source lines that some result lines of one slice read; for strides of 1.
  @inlinable
  func sourceLines(under lines: Range<Int>) -> Range<Int> {
    let (padding, dilation) = (geometry.padding.height, geometry.dilation.height)
    let lastTap = geometry.kernel.height - 1, lastLine = lines.upperBound - 1
    let first = min(
      sourceCoordinate(lines.lowerBound, 0, 1, dilation, padding),
      sourceCoordinate(lines.lowerBound, lastTap, 1, dilation, padding))
    let last = max(
      sourceCoordinate(lastLine, 0, 1, dilation, padding),
      sourceCoordinate(lastLine, lastTap, 1, dilation, padding))
    let start = max(first, 0)
    return start..<max(start, min(last + 1, source.height))
  }
}
