/// The sizes of a Winograd convolution's parts.
///
/// The result is cut into tiles of 4x4 cells, the last ones reaching over the edge. Each tile
/// depends on 6x6 source cells, which become 36 positions.
@usableFromInline
struct WinogradLayout {
  /// Tiles of one slice of a picture, from top to bottom.
  @usableFromInline let tilesHigh: Int
  /// Tiles of one slice, from left to right.
  @usableFromInline let tilesWide: Int
  /// Tiles of the batch.
  @usableFromInline let tiles: Int
  /// Tiles of one task when each task takes its tiles through all stages; nil when the stages
  /// follow each other instead and positions are shared out.
  @usableFromInline let tilesPerTask: Int?
  /// Channels that are read.
  @usableFromInline let sourceChannels: Int
  /// Columns of all panels: channels that are written, rounded up.
  @usableFromInline let columns: Int

  /// The layout of a step for a tier whose panels are `panelWidth` wide.
  @usableFromInline
  init(_ step: ConvolutionStep, panelWidth: Int) {
    tilesHigh = (step.result.height + 3) / 4
    tilesWide = (step.result.width + 3) / 4
    tiles = step.geometry.batch * step.result.depth * tilesHigh * tilesWide
    sourceChannels = step.filter.sourceChannels(step.direction)
    columns = FilterLayout(step).panels(width: panelWidth) * panelWidth
    // A task's positions before and after the product stay in the second-level cache, and there
    // are tasks enough to share out. With many channels the filter is too large to be read by
    // every task: then each position's filter is read once.
    let fitting = min(131_072 / (36 * (sourceChannels + columns)) / 8 * 8, 48)
    let isSmallFilter = sourceChannels * columns <= 128 * 128
    tilesPerTask = isSmallFilter && fitting >= 8 && tiles >= 4 * fitting ? fitting : nil
  }

  /// Tiles whose positions are kept at a time, rounded up to whole register tiles of any tier.
  @inlinable var rows: Int { ((tilesPerTask ?? tiles) + 23) / 24 * 24 }

  /// Distance between positions before the product; no multiple of 4096 bytes, which would put all
  /// positions of a tile into the same places of the first-level cache.
  @inlinable var sourceStride: Int { rows * sourceChannels + 16 }

  /// Distance between positions after the product.
  @inlinable var productStride: Int { rows * columns + 16 }

  /// The positions of one picture part, and the border tile that is copied.
  @inlinable var scratchPerWorker: Int {
    (tilesPerTask == nil ? 0 : 36 * (sourceStride + productStride)) + 36 * sourceChannels
  }

  /// Elements of scratch in all.
  @usableFromInline var scratch: Int {
    (tilesPerTask == nil ? 36 * (sourceStride + productStride) : 0)
      + ThreadPool.shared.limit * scratchPerWorker
  }
}
