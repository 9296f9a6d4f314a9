/// How a direct convolution is cut into tasks, and what each of them needs.
@usableFromInline
struct DirectLayout {
  /// Result cells of the batch.
  @usableFromInline let cells: Int
  /// Taps of the filter.
  @usableFromInline let taps: Int
  /// Source channels of a merged group: terms of the sum for each tap.
  @usableFromInline let channels: Int
  /// Panels of result channels of a group.
  @usableFromInline let panels: Int
  /// Merged groups.
  @usableFromInline let groups: Int
  /// Result cells of a task, in whole register tiles.
  @usableFromInline let cellsPerTask: Int
  /// Panels of a task.
  @usableFromInline let panelsPerTask: Int

  /// The most result cells of a task: their source cells stay in the second-level cache.
  @inlinable static var mostCells: Int { 96 }

  /// Tasks for 16 threads to share out evenly; small pictures have as many when their panels, then
  /// their cells, are cut up.
  @inlinable static var enoughTasks: Int { 32 }

  /// The layout of a step for a tier whose register tiles have `tileRows` rows, `panelWidth` columns.
  @usableFromInline
  init(_ step: ConvolutionStep, tileRows: Int, panelWidth: Int) {
    cells = step.geometry.batch * step.result.count
    taps = step.filter.kernel.count
    let filter = FilterLayout(step)
    channels = filter.terms / taps
    panels = filter.panels(width: panelWidth)
    groups = step.filter.groups / filter.mergedGroups
    let all = (cells + tileRows - 1) / tileRows
    let most = Self.mostCells / tileRows
    let fewest = (all + most - 1) / most
    var tiles = (all + fewest - 1) / fewest, width = panels
    while groups * ((all + tiles - 1) / tiles) * ((panels + width - 1) / width) < Self.enoughTasks {
      if width > 1 {
        width = (width + 1) / 2
      } else if tiles > 1 {
        tiles = (tiles + 1) / 2
      } else {
        break
      }
    }
    cellsPerTask = tiles * tileRows
    panelsPerTask = width
  }

  /// Blocks of result cells.
  @inlinable var blocks: Int { (cells + cellsPerTask - 1) / cellsPerTask }

  /// Parts of a group's panels.
  @inlinable var splits: Int { (panels + panelsPerTask - 1) / panelsPerTask }

  /// What a task needs on any tier: addresses of the rows, in two float32 numbers each, a tile of
  /// results, a cell of zeros, and the panel of a group.
  @usableFromInline
  static func scratchPerWorker(_ step: ConvolutionStep) -> Int {
    let width = FilterLayout.widestPanel
    let filter = FilterLayout(step)
    let panel = filter.isCompact ? filter.terms * width : 0
    let zeros = (filter.terms / step.filter.kernel.count + 15) / 16 * 16
    return 2 * (mostCells * step.filter.kernel.count + 8) + 8 * width + zeros + panel
  }
}
