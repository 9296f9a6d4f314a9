// Convolution by 3x3 taps after Winograd: F(4x4, 3x3) of Lavin and Gray 2015 (arXiv:1509.09308).
//
// With the points 0, ±1, ±2 a 4x4 tile y of results is Aᵀ [Σ (G g Gᵀ) ⊙ (Bᵀ d B)] A, where d is
// the 6x6 tile of source cells under it, g the 3x3 taps and the sum runs over source channels:
// 36 multiplications for 144. Position by position the sum is a matrix product of (tiles x source
// channels) and (source channels x result channels).
//
//        ⎛4  0 -5  0  1  0⎞        ⎛1  1  1  1  1  0⎞             ⎛ 6   0   0⎞
//        ⎜0 -4 -4  1  1  0⎟        ⎜0  1 -1  2 -2  0⎟             ⎜-4  -4  -4⎟
//   Bᵀ = ⎜0  4 -4 -1  1  0⎟   Aᵀ = ⎜0  1  1  4  4  0⎟   G = 1/24 ⎜-4   4  -4⎟
//        ⎜0 -2 -1  2  1  0⎟        ⎝0  1 -1  8 -8  1⎠             ⎜ 1   2   4⎟
//        ⎜0  2 -1 -2  1  0⎟                                       ⎜ 1  -2   4⎟
//        ⎝0  4  0 -5  0  1⎠                                       ⎝ 0   0  24⎠
//
// Gradients are the same sum with the taps turned round, inputs and outputs exchanged, and
// padding 2 - p. Larger tiles would save more multiplications and lose ten times the precision.
//
// Serves 3x3 taps, stride 1, channels in multiples of 16, one group: twelve of VGG16's thirteen
// layers, forward and back. Share of the multiply-adds' measured peak, transforms included (AVX-512,
// 2 threads, docs/benchmarks.md): 53 % at 64 channels, where transforms weigh most, 65-79 % at 128
// to 512. The 14x14 layers are bound by reading their filters, 38 MB each, at memory speed.
//
// Two ways to share the work. Large pictures with few channels: a task takes some tiles through
// all stages in the second-level cache. Small pictures with many channels: all tiles are
// transformed, then the positions are shared out, so that each position's filter (1 MB for 512
// channels) is read once, then all tiles are transformed back.

extension KernelSet {
  /// Runs the stages of a Winograd convolution.
  @inlinable
  static func convolveWinograd(
    _ source: UnsafePointer<Float>, _ packed: UnsafePointer<Float>, _ step: ConvolutionStep,
    _ finish: Finish, _ scratch: UnsafeMutablePointer<Float>,
    _ result: UnsafeMutablePointer<Float>
  ) {
    let layout = WinogradLayout(step, panelWidth: panelWidth)
    guard let tilesPerTask = layout.tilesPerTask else {
      return convolveInStages(source, packed, step, layout, finish, scratch, result)
    }
    ThreadPool.shared.parallel((layout.tiles + tilesPerTask - 1) / tilesPerTask) { task, worker in
      let tiles = task * tilesPerTask..<min(layout.tiles, (task + 1) * tilesPerTask)
      let patch = scratch + worker * layout.scratchPerWorker
      let positions = patch + 36 * layout.sourceChannels
      let products = positions + 36 * layout.sourceStride
      for tile in tiles {
        transformTile(
          source, step, layout, tile, patch: patch,
          into: positions + (tile - tiles.lowerBound) * layout.sourceChannels)
      }
      for position in 0..<36 {
        multiplyPosition(position, positions, packed, layout, tiles: tiles.count, into: products)
      }
      for tile in tiles {
        finishTile(
          products + (tile - tiles.lowerBound) * layout.columns, step, layout, tile, finish,
          into: result)
      }
    }
  }

  /// One stage after the other, each shared out.
  @inlinable
  static func convolveInStages(
    _ source: UnsafePointer<Float>, _ packed: UnsafePointer<Float>, _ step: ConvolutionStep,
    _ layout: WinogradLayout, _ finish: Finish,
    _ scratch: UnsafeMutablePointer<Float>, _ result: UnsafeMutablePointer<Float>
  ) {
    let positions = scratch
    let products = positions + 36 * layout.sourceStride
    let patches = products + 36 * layout.productStride
    let tilesPerTask = 4
    let tasks = (layout.tiles + tilesPerTask - 1) / tilesPerTask
    ThreadPool.shared.parallel(tasks) { task, worker in
      for tile in task * tilesPerTask..<min(layout.tiles, (task + 1) * tilesPerTask) {
        transformTile(
          source, step, layout, tile, patch: patches + worker * layout.scratchPerWorker,
          into: positions + tile * layout.sourceChannels)
      }
    }
    ThreadPool.shared.parallel(36) { position, _ in
      multiplyPosition(position, positions, packed, layout, tiles: layout.tiles, into: products)
    }
    ThreadPool.shared.parallel(tasks) { task, _ in
      for tile in task * tilesPerTask..<min(layout.tiles, (task + 1) * tilesPerTask) {
        finishTile(products + tile * layout.columns, step, layout, tile, finish, into: result)
      }
    }
  }

  /// The matrix product of one position.
  ///
  /// Rows past `tiles` are computed and never read.
  @inlinable
  static func multiplyPosition(
    _ position: Int, _ positions: UnsafePointer<Float>, _ packed: UnsafePointer<Float>,
    _ layout: WinogradLayout, tiles: Int, into products: UnsafeMutablePointer<Float>
  ) {
    let channels = layout.sourceChannels
    let rows = positions + position * layout.sourceStride
    let filter = packed + position * channels * layout.columns
    let product = products + position * layout.productStride
    var column = 0
    while column < layout.columns {
      // The next panel, cut into as many parts as one tile's lines can cover.
      let next = filter + (column + panelWidth) * channels
      let parts = max(1, panelWidth / 16)
      var part = 0
      var tile = 0
      while tile < tiles {
        multiplyTile(
          rows + tile * channels, rowStride: channels, filter + column * channels,
          terms: channels, ahead: next + part * channels * 16,
          into: product + tile * layout.columns + column,
          tileStride: layout.columns)
        tile += tileRows
        part = part + 1 < parts ? part + 1 : 0
      }
      column += panelWidth
    }
  }
}
