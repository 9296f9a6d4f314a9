// Convolution as a matrix product of source cells and a packed filter, in both directions.
//
// A task is a block of result cells and some panels of result channels. It notes the address of the
// source cell that each tap of each result cell reads, a cell of zeros where there is none; then a
// register tile runs over the taps and, in each, over the channels. Nothing is copied: with a single
// tap it is the plain product of the source's rows. Any kernel, stride, dilation, padding, group
// count and one to three spatial axes are served; `ConvolutionAlgorithm` says where others are
// faster.

extension KernelSet {
  /// Shares the blocks of a direct convolution out.
  ///
  /// Tasks that follow each other read the same panels.
  @inlinable
  static func convolveDirectly(
    _ source: UnsafePointer<Float>, _ packed: UnsafePointer<Float>, _ step: ConvolutionStep,
    _ finish: Finish, _ scratch: UnsafeMutablePointer<Float>,
    _ result: UnsafeMutablePointer<Float>
  ) {
    let layout = DirectLayout(step, tileRows: tileRows, panelWidth: panelWidth)
    let (blocks, splits) = (layout.blocks, layout.splits)
    let scratchPerWorker = DirectLayout.scratchPerWorker(step)
    ThreadPool.shared.parallel(blocks * splits * layout.groups) { task, worker in
      let first = task % blocks * layout.cellsPerTask
      let firstPanel = task / blocks % splits * layout.panelsPerTask
      convolveBlock(
        source, packed, step, layout, group: task / blocks / splits,
        cells: first..<min(layout.cells, first + layout.cellsPerTask),
        panels: firstPanel..<min(layout.panels, firstPanel + layout.panelsPerTask),
        finish, scratch: scratch + worker * scratchPerWorker, into: result)
    }
  }

  /// One task of a direct convolution.
  @inlinable
  static func convolveBlock(
    _ source: UnsafePointer<Float>, _ packed: UnsafePointer<Float>, _ step: ConvolutionStep,
    _ layout: DirectLayout, group: Int, cells: Range<Int>, panels: Range<Int>, _ finish: Finish,
    scratch: UnsafeMutablePointer<Float>, into result: UnsafeMutablePointer<Float>
  ) {
    let filter = FilterLayout(step)
    let (terms, channels) = (filter.terms, filter.columns)
    let stride = channels * layout.groups
    let rowCount = DirectLayout.mostCells * layout.taps
    let address = UnsafeMutableRawPointer(scratch).alignedUp(for: UnsafePointer<Float>.self)
    let rows = address.bindMemory(to: UnsafePointer<Float>.self, capacity: rowCount)
    let tile = scratch + 2 * (rowCount + 8)
    let zeros = tile + 8 * FilterLayout.widestPanel
    let panelOfGroup = zeros + (layout.channels + 15) / 16 * 16
    zeros.update(repeating: 0, count: layout.channels)
    noteRows(
      source + group * layout.channels, step, cells: cells, zeros: zeros, into: rows)
    for panel in panels {
      let first = panel * panelWidth
      let columns = min(panelWidth, channels - first)
      var weights = packed + panel * terms * panelWidth
      if filter.isCompact {
        copyPanel(
          packed + group * terms * channels + first, rowCount: channels, columns: columns,
          terms: terms, into: panelOfGroup)
        weights = UnsafePointer(panelOfGroup)
      }
      var cell = cells.lowerBound
      var tileRow = UnsafePointer(rows)
      while cell < cells.upperBound {
        // The next panel comes while the first two tiles of this one are computed.
        let part = (cell - cells.lowerBound) / tileRows & 1
        multiplyRows(
          tileRow, taps: layout.taps, terms: layout.channels, weights, columns: columns,
          ahead: weights + (terms * panelWidth + part * terms * 16), into: tile)
        finishTile(
          tile, rows: min(tileRows, cells.upperBound - cell), width: columns, isFirst: true,
          isLast: true, bias: finish.bias.map { $0 + group * channels + first }, finish,
          into: result + cell * stride + group * channels + first, stride: stride)
        cell += tileRows
        tileRow += layout.taps * tileRows
      }
    }
  }

  /// Copies some columns of a group's matrix; the panel's missing ones become 0.
  @inlinable
  static func copyPanel(
    _ rows: UnsafePointer<Float>, rowCount: Int, columns: Int, terms: Int,
    into panel: UnsafeMutablePointer<Float>
  ) {
    for term in 0..<terms {
      let row = panel + term * panelWidth
      row.update(from: rows + term * rowCount, count: columns)
      (row + columns).update(repeating: 0, count: panelWidth - columns)
    }
  }
}
