// Convolution as a matrix product of gathered patches and a packed filter, in both directions.
//
// A task is a block of result cells and some panels of result channels. For some terms of the sum
// at a time it gathers the patches of its cells, one row per cell, and multiplies them with each
// panel, tile by tile. Any kernel, stride, dilation, padding, group count and one to three spatial
// axes are served; `ConvolutionAlgorithm` says where others are faster.
//
// Share of the multiply-adds' measured peak (AVX-512, 2 threads, VGG16's layers of 64 to 512
// channels computed this way): 79-90 %.

/// The sizes of direct convolution's tasks.
@usableFromInline
enum DirectLayout {
  /// Result cells of one task: a multiple of every tier's tile rows, small enough that its
  /// patches stay in the second-level cache.
  @inlinable static var cellsPerTask: Int { 96 }

  /// Terms of the sum that are taken at a time: a panel of them stays in the first-level cache.
  @inlinable static var termsPerBlock: Int { 384 }

  /// Patches, one tile of results, and the panel of a group.
  @inlinable static var scratchPerWorker: Int {
    cellsPerTask * termsPerBlock + (8 + termsPerBlock) * FilterLayout.widestPanel
  }
}

extension KernelSet {
  /// Shares the blocks of a direct convolution out.
  @inlinable
  static func convolveDirectly(
    _ source: UnsafePointer<Float>, _ packed: UnsafePointer<Float>, _ step: ConvolutionStep,
    _ finish: Finish, _ scratch: UnsafeMutablePointer<Float>,
    _ result: UnsafeMutablePointer<Float>
  ) {
    let cells = step.geometry.batch * step.result.count
    let blocks = (cells + DirectLayout.cellsPerTask - 1) / DirectLayout.cellsPerTask
    let panels = FilterLayout(step).panels(width: panelWidth)
    // All panels in one task when there are blocks enough to share out, else few.
    let panelsPerTask = blocks >= 16 ? panels : max(1, 128 / panelWidth)
    let splits = (panels + panelsPerTask - 1) / panelsPerTask
    let groups = step.filter.groups
    ThreadPool.shared.parallel(blocks * splits * groups) { task, worker in
      let block = task / (splits * groups)
      let split = task % splits
      let first = block * DirectLayout.cellsPerTask
      convolveBlock(
        source, packed, step, group: task / splits % groups,
        cells: first..<min(cells, first + DirectLayout.cellsPerTask),
        panels: split * panelsPerTask..<min(panels, (split + 1) * panelsPerTask),
        finish, patches: scratch + worker * DirectLayout.scratchPerWorker, into: result)
    }
  }

  /// One task of a direct convolution.
  @inlinable
  static func convolveBlock(
    _ source: UnsafePointer<Float>, _ packed: UnsafePointer<Float>, _ step: ConvolutionStep,
    group: Int, cells: Range<Int>, panels: Range<Int>, _ finish: Finish,
    patches: UnsafeMutablePointer<Float>, into result: UnsafeMutablePointer<Float>
  ) {
    let depth = step.filter.depth(step.direction)
    let channels = step.filter.resultChannels(step.direction)
    let layout = FilterLayout(step)
    let panelsOfGroup = layout.panels(width: panelWidth)
    let stride = channels * step.filter.groups
    let tile = patches + DirectLayout.cellsPerTask * DirectLayout.termsPerBlock
    let panelOfGroup = tile + 8 * FilterLayout.widestPanel
    var term = 0
    while term < depth {
      let terms = term..<min(depth, term + DirectLayout.termsPerBlock)
      gatherPatches(source, step, group: group, cells: cells, terms: terms, into: patches)
      for panel in panels {
        let first = panel * panelWidth
        var weights =
          packed + ((group * panelsOfGroup + panel) * depth + terms.lowerBound) * panelWidth
        if layout.isCompact {
          let rows = packed + (group * depth + terms.lowerBound) * channels + first
          copyPanel(
            rows, rowCount: channels, columns: min(panelWidth, channels - first),
            terms: terms.count, into: panelOfGroup)
          weights = UnsafePointer(panelOfGroup)
        }
        var cell = cells.lowerBound
        while cell < cells.upperBound {
          multiplyTile(
            patches + (cell - cells.lowerBound) * DirectLayout.termsPerBlock,
            rowStride: DirectLayout.termsPerBlock, weights, terms: terms.count,
            ahead: weights, into: tile,
            tileStride: panelWidth)
          finishTile(
            tile, rows: min(tileRows, cells.upperBound - cell),
            width: min(panelWidth, channels - first),
            isFirst: terms.lowerBound == 0, isLast: terms.upperBound == depth,
            bias: finish.bias.map { $0 + group * channels + first }, finish,
            into: result + cell * stride + group * channels + first, stride: stride)
          cell += tileRows
        }
      }
      term = terms.upperBound
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
