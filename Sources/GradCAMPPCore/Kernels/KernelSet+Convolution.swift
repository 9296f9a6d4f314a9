// Convolution as a matrix product of gathered patches and a packed filter, in both directions.
//
// A task is a block of 96 result cells (and some panels of 16 result channels). For 384 terms of
// the sum at a time it gathers the patches of its cells, one row per cell, and multiplies them
// with each panel in tiles of 6 cells x 16 channels: 12 accumulators of 8, two panel loads and
// six broadcasts a term, which is what 16 vector registers hold. Any kernel, stride, dilation,
// padding, group count and one to three spatial axes are served.

extension KernelSet {
  /// `result = source ⋆ filter + bias`, rectified on demand; for `.gradient`, the gradient by the
  /// input from the gradient by the output.
  @inlinable
  public static func convolve(
    _ source: Span<Float>, _ packed: Span<Float>, _ step: ConvolutionStep, bias: Span<Float>?,
    scratch: inout MutableSpan<Float>, into result: inout MutableSpan<Float>
  ) {
    let filter = step.filter, direction = step.direction
    let cells = step.geometry.batch * step.result.count
    let sourceStride = filter.sourceChannels(direction) * filter.groups
    let resultStride = filter.resultChannels(direction) * filter.groups
    precondition(
      source.count == step.geometry.batch * step.source.count * sourceStride
        && result.count == cells * resultStride && packed.count == filter.packedCount(direction)
        && scratch.count >= ConvolutionStep.scratch,
      "convolve: lengths do not fit the step")
    let blocks = (cells + ConvolutionStep.cellsPerTask - 1) / ConvolutionStep.cellsPerTask
    let panels = filter.panels(direction)
    let splits = (panels + step.panelsPerTask - 1) / step.panelsPerTask
    source.withUnsafeBufferPointer { source in
      packed.withUnsafeBufferPointer { packed in
        scratch.withUnsafeMutableBufferPointer { scratch in
          result.withUnsafeMutableBufferPointer { result in
            guard let source = source.baseAddress, let packed = packed.baseAddress,
              let scratch = scratch.baseAddress, let result = result.baseAddress
            else { return }
            let run: (Int, Int, UnsafePointer<Float>?) -> Void = { task, worker, bias in
              let block = task / (splits * filter.groups)
              let group = task / splits % filter.groups
              let split = task % splits
              let first = block * ConvolutionStep.cellsPerTask
              convolveBlock(
                source, packed, step, group: group,
                cells: first..<min(cells, first + ConvolutionStep.cellsPerTask),
                panels: split * step.panelsPerTask..<min(panels, (split + 1) * step.panelsPerTask),
                bias: bias, patches: scratch + worker * ConvolutionStep.scratchPerWorker,
                into: result)
            }
            let tasks = blocks * splits * filter.groups
            if let bias {
              bias.withUnsafeBufferPointer { bias in
                ThreadPool.shared.parallel(tasks) { run($0, $1, bias.baseAddress) }
              }
            } else {
              ThreadPool.shared.parallel(tasks) { run($0, $1, nil) }
            }
          }
        }
      }
    }
  }

  /// One task of `convolve`.
  @inlinable
  static func convolveBlock(
    _ source: UnsafePointer<Float>, _ packed: UnsafePointer<Float>, _ step: ConvolutionStep,
    group: Int, cells: Range<Int>, panels: Range<Int>, bias: UnsafePointer<Float>?,
    patches: UnsafeMutablePointer<Float>, into result: UnsafeMutablePointer<Float>
  ) {
    let filter = step.filter, direction = step.direction
    let depth = filter.depth(direction)
    let channels = filter.resultChannels(direction)
    let stride = channels * filter.groups
    let tile = patches + ConvolutionStep.cellsPerTask * ConvolutionStep.termsPerBlock
    var term = 0
    while term < depth {
      let terms = term..<min(depth, term + ConvolutionStep.termsPerBlock)
      gatherPatches(source, step, group: group, cells: cells, terms: terms, into: patches)
      for panel in panels {
        let first = panel * 16
        let width = min(16, channels - first)
        let weights =
          packed
          + ((group * filter.panels(direction) + panel) * depth + terms.lowerBound) * 16
        var cell = cells.lowerBound
        while cell < cells.upperBound {
          multiplyTile(
            patches + (cell - cells.lowerBound) * ConvolutionStep.termsPerBlock, weights,
            terms: terms.count, into: tile)
          finishTile(
            tile, rows: min(6, cells.upperBound - cell), width: width,
            isFirst: terms.lowerBound == 0, isLast: terms.upperBound == depth,
            bias: bias.map { $0 + group * channels + first }, rectifies: step.rectifies,
            into: result + cell * stride + group * channels + first, stride: stride)
          cell += 6
        }
      }
      term = terms.upperBound
    }
  }

  /// `tile (6 x 16) = patches (6 x terms) x weights (terms x 16)`.
  @inlinable @inline(never)
  static func multiplyTile(
    _ patches: UnsafePointer<Float>, _ weights: UnsafePointer<Float>, terms: Int,
    into tile: UnsafeMutablePointer<Float>
  ) {
    let next = ConvolutionStep.termsPerBlock
    var a0 = SIMD8<Float>(), a1 = SIMD8<Float>(), b0 = SIMD8<Float>(), b1 = SIMD8<Float>()
    var c0 = SIMD8<Float>(), c1 = SIMD8<Float>(), d0 = SIMD8<Float>(), d1 = SIMD8<Float>()
    var e0 = SIMD8<Float>(), e1 = SIMD8<Float>(), f0 = SIMD8<Float>(), f1 = SIMD8<Float>()
    var patch = patches
    var panel = weights
    for _ in 0..<terms {
      let w0 = load8(panel), w1 = load8(panel + 8)
      var x = SIMD8(repeating: patch[0])
      a0 = multiplyAdd(a0, x, w0)
      a1 = multiplyAdd(a1, x, w1)
      x = SIMD8(repeating: patch[next])
      b0 = multiplyAdd(b0, x, w0)
      b1 = multiplyAdd(b1, x, w1)
      x = SIMD8(repeating: patch[2 &* next])
      c0 = multiplyAdd(c0, x, w0)
      c1 = multiplyAdd(c1, x, w1)
      x = SIMD8(repeating: patch[3 &* next])
      d0 = multiplyAdd(d0, x, w0)
      d1 = multiplyAdd(d1, x, w1)
      x = SIMD8(repeating: patch[4 &* next])
      e0 = multiplyAdd(e0, x, w0)
      e1 = multiplyAdd(e1, x, w1)
      x = SIMD8(repeating: patch[5 &* next])
      f0 = multiplyAdd(f0, x, w0)
      f1 = multiplyAdd(f1, x, w1)
      patch += 1
      panel += 16
    }
    store8(tile, a0)
    store8(tile + 8, a1)
    store8(tile + 16, b0)
    store8(tile + 24, b1)
    store8(tile + 32, c0)
    store8(tile + 40, c1)
    store8(tile + 48, d0)
    store8(tile + 56, d1)
    store8(tile + 64, e0)
    store8(tile + 72, e1)
    store8(tile + 80, f0)
    store8(tile + 88, f1)
  }

  /// Adds a tile to the result; the first block of terms replaces it by tile + bias, the last one
  /// rectifies.
  @inlinable @inline(__always)
  static func finishTile(
    _ tile: UnsafePointer<Float>, rows: Int, width: Int, isFirst: Bool, isLast: Bool,
    bias: UnsafePointer<Float>?, rectifies: Bool, into result: UnsafeMutablePointer<Float>,
    stride: Int
  ) {
    for row in 0..<rows {
      let line = result + row * stride
      var lane = 0
      while lane + 8 <= width {
        let earlier = isFirst ? bias.map { load8($0 + lane) } ?? SIMD8() : load8(line + lane)
        var sum = earlier + load8(tile + row * 16 + lane)
        if isLast, rectifies { sum.replace(with: 0, where: .!(sum .> 0)) }
        store8(line + lane, sum)
        lane += 8
      }
      while lane < width {
        let earlier = isFirst ? bias.map { $0[lane] } ?? 0 : line[lane]
        let sum = earlier + tile[row * 16 + lane]
        line[lane] = isLast && rectifies && !(sum > 0) ? 0 : sum
        lane += 1
      }
    }
  }
}
