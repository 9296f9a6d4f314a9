// Convolution of few channels, such as a picture's colours.
//
// Patches of 3 channels are too short to copy piece by piece. So a task, one result line, lays its
// source lines side by side: for each source column the numbers of all tap rows and channels, zeros
// where there are none. A window's patch then is one stretch of that strip, neighbours overlap, and
// nothing is gathered: tile rows lie a column's numbers times the stride apart.
//
// Serves up to 4 source channels, any stride, two axes. VGG16's first layer (27 terms, 64 outputs)
// reaches 36 % of the multiply-adds' measured peak (AVX-512, 2 threads, docs/benchmarks.md): it
// stores 12.8 MB, and 27 terms are few to hide the loading and storing of a register tile.

/// The sizes of an interleaved convolution's parts.
@usableFromInline
struct InterleavedLayout {
  /// Numbers of a source column: tap rows x channels.
  @usableFromInline let columnCount: Int
  /// Source columns of a strip, those past the last window's included.
  @usableFromInline let columns: Int

  @usableFromInline
  init(_ step: ConvolutionStep) {
    let geometry = step.geometry
    columnCount = geometry.kernel.height * step.filter.inputs
    // Register tiles of up to 8 windows reach over the line's end.
    columns = (geometry.output.width + 7) * geometry.stride.width + geometry.kernel.width
  }

  /// A strip, and one tile of results.
  @usableFromInline var scratchPerWorker: Int {
    columns * columnCount + 8 * FilterLayout.widestPanel
  }
}

extension KernelSet {
  /// Shares the result lines of an interleaved convolution out.
  @inlinable
  static func convolveInterleaved(
    _ source: UnsafePointer<Float>, _ packed: UnsafePointer<Float>, _ step: ConvolutionStep,
    _ finish: Finish, _ scratch: UnsafeMutablePointer<Float>,
    _ result: UnsafeMutablePointer<Float>
  ) {
    let extents = step.geometry.output
    let layout = InterleavedLayout(step)
    let lines = step.geometry.batch * extents.depth * extents.height
    ThreadPool.shared.parallel(lines) { line, worker in
      let strip = scratch + worker * layout.scratchPerWorker
      interleave(source, step, layout, line, into: strip)
      convolveStrip(
        strip, packed, step, layout, finish,
        into: result + line * extents.width * step.filter.outputs)
    }
  }

  /// Lays the source lines under a result line side by side.
  @inlinable
  static func interleave(
    _ source: UnsafePointer<Float>, _ step: ConvolutionStep, _ layout: InterleavedLayout,
    _ line: Int, into strip: UnsafeMutablePointer<Float>
  ) {
    let geometry = step.geometry, extents = geometry.input
    let channels = step.filter.inputs
    let slice = line / geometry.output.height
    let top = line % geometry.output.height * geometry.stride.height - geometry.padding.height
    // Columns of the strip that lie inside the source.
    let first = min(geometry.padding.width, layout.columns)
    let end = max(first, min(layout.columns, geometry.padding.width + extents.width))
    for tap in 0..<geometry.kernel.height {
      let y = top + tap * geometry.dilation.height
      let cell = strip + tap * channels
      guard y >= 0 && y < extents.height else {
        clear(cell, 0..<layout.columns, layout, channels)
        continue
      }
      clear(cell, 0..<first, layout, channels)
      clear(cell, end..<layout.columns, layout, channels)
      var pixel = source + (slice * extents.height + y) * extents.width * channels
      var target = cell + first * layout.columnCount
      for _ in first..<end {
        for channel in 0..<channels { target[channel] = pixel[channel] }
        pixel += channels
        target += layout.columnCount
      }
    }
  }

  /// Writes zeros for a tap row of some columns.
  @inlinable @inline(__always)
  static func clear(
    _ strip: UnsafeMutablePointer<Float>, _ columns: Range<Int>, _ layout: InterleavedLayout,
    _ channels: Int
  ) {
    var cell = strip + columns.lowerBound * layout.columnCount
    for _ in columns {
      for channel in 0..<channels { cell[channel] = 0 }
      cell += layout.columnCount
    }
  }

  /// One result line.
  @inlinable
  static func convolveStrip(
    _ strip: UnsafeMutablePointer<Float>, _ packed: UnsafePointer<Float>, _ step: ConvolutionStep,
    _ layout: InterleavedLayout, _ finish: Finish,
    into line: UnsafeMutablePointer<Float>
  ) {
    let outputs = step.filter.outputs, width = step.geometry.output.width
    let terms = step.filter.depth(.forward)
    let windowStride = step.geometry.stride.width * layout.columnCount
    let tile = strip + layout.columns * layout.columnCount
    var cell = 0
    while cell < width {
      var column = 0
      while column < outputs {
        let panel = packed + column * terms
        multiplyTile(
          strip + cell * windowStride, rowStride: windowStride, panel, terms: terms, ahead: panel,
          into: tile,
          tileStride: panelWidth)
        finishTile(
          tile, rows: min(tileRows, width - cell), width: min(panelWidth, outputs - column),
          isFirst: true, isLast: true, bias: finish.bias.map { $0 + column }, finish,
          into: line + cell * outputs + column, stride: outputs)
        column += panelWidth
      }
      cell += tileRows
    }
  }
}
