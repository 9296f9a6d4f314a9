// Products of matrices that are both computed, such as attention's: queries with keys, weights with
// values. Weights that a file gives are packed once and multiplied as convolutions of one tap.
//
// A task is a block of rows of one result and some of its panels of columns. For some terms at a
// time it gathers its rows and packs each panel, whichever way they lie, and multiplies them tile by
// tile. Every element is summed in one order: matrix after matrix, block of terms after block.

/// Where a batch of products reads and writes.
@usableFromInline
struct MatrixStep {
  @usableFromInline let left: UnsafePointer<Float>
  @usableFromInline let right: UnsafePointer<Float>
  @usableFromInline let result: UnsafeMutablePointer<Float>

  @inlinable
  init(
    left: UnsafePointer<Float>, right: UnsafePointer<Float>, result: UnsafeMutablePointer<Float>
  ) {
    self.left = left
    self.right = right
    self.result = result
  }
}

extension KernelSet {
  /// `result = Σ left right`, the sum over the axes of the batch that the result has not.
  @inlinable
  public static func multiplyMatrices(
    _ left: Span<Float>, _ right: Span<Float>, _ batch: MatrixBatch,
    scratch: inout MutableSpan<Float>, into result: inout MutableSpan<Float>
  ) {
    precondition(
      left.count == batch.leftCount && right.count == batch.rightCount
        && result.count == batch.resultCount && batch.terms > 0 && scratch.count >= batch.scratch,
      "multiplyMatrices: lengths do not fit")
    let blocks = (batch.rows + MatrixBlocks.rowsPerTask - 1) / MatrixBlocks.rowsPerTask
    let panels = (batch.columns + panelWidth - 1) / panelWidth
    // All panels in one task when there are blocks enough to share out, else few.
    let places = batch.kept.places
    let panelsPerTask = places * blocks >= 16 ? max(panels, 1) : max(1, 128 / panelWidth)
    let splits = (panels + panelsPerTask - 1) / panelsPerTask
    left.withUnsafeBufferPointer { left in
      right.withUnsafeBufferPointer { right in
        scratch.withUnsafeMutableBufferPointer { scratch in
          result.withUnsafeMutableBufferPointer { result in
            guard let left = left.baseAddress, let right = right.baseAddress,
              let scratch = scratch.baseAddress, let result = result.baseAddress
            else { return }
            ThreadPool.shared.parallel(places * blocks * splits) { task, worker in
              let (place, rest) = task.quotientAndRemainder(dividingBy: blocks * splits)
              let (block, split) = rest.quotientAndRemainder(dividingBy: splits)
              let first = block * MatrixBlocks.rowsPerTask
              let offsets = batch.kept.offsets(place)
              Self.multiplyBlock(
                MatrixStep(
                  left: left + offsets.left, right: right + offsets.right,
                  result: result + offsets.result), batch,
                rows: first..<min(batch.rows, first + MatrixBlocks.rowsPerTask),
                panels: split * panelsPerTask..<min(panels, (split + 1) * panelsPerTask),
                scratch + worker * MatrixBlocks.scratchPerWorker)
            }
          }
        }
      }
    }
  }

  /// One task.
  @inlinable
  static func multiplyBlock(
    _ step: MatrixStep, _ batch: MatrixBatch, rows: Range<Int>, panels: Range<Int>,
    _ gathered: UnsafeMutablePointer<Float>
  ) {
    let tile = gathered + MatrixBlocks.rowsPerTask * MatrixBlocks.termsPerBlock
    let packed = tile + 8 * FilterLayout.widestPanel
    let finish = Finish(bias: nil, residual: nil, result: step.result, activation: .identity)
    for place in 0..<batch.summed.places {
      let offsets = batch.summed.offsets(place)
      let (left, right) = (step.left + offsets.left, step.right + offsets.right)
      var term = 0
      while term < batch.terms {
        let terms = term..<min(batch.terms, term + MatrixBlocks.termsPerBlock)
        gatherRows(left, batch, rows, terms, into: gathered)
        for panel in panels {
          let first = panel * panelWidth
          let columns = first..<min(batch.columns, first + panelWidth)
          packPanel(right, batch, columns, terms, into: packed)
          var row = rows.lowerBound
          while row < rows.upperBound {
            multiplyTile(
              gathered + (row - rows.lowerBound) * MatrixBlocks.termsPerBlock,
              rowStride: MatrixBlocks.termsPerBlock, packed, terms: terms.count, ahead: packed,
              into: tile, tileStride: panelWidth)
            finishTile(
              tile, rows: min(tileRows, rows.upperBound - row), width: columns.count,
              isFirst: place == 0 && term == 0, isLast: false, bias: nil, finish,
              into: step.result + row * batch.columns + first, stride: batch.columns)
            row += tileRows
          }
        }
        term = terms.upperBound
      }
    }
  }

  /// Some terms of some rows, `termsPerBlock` apart.
  @inlinable
  static func gatherRows(
    _ left: UnsafePointer<Float>, _ batch: MatrixBatch, _ rows: Range<Int>, _ terms: Range<Int>,
    into gathered: UnsafeMutablePointer<Float>
  ) {
    if batch.isLeftTurned {
      turn(
        left + terms.lowerBound * batch.rows + rows.lowerBound, batch.rows, terms.count, rows.count,
        into: gathered, MatrixBlocks.termsPerBlock)
      return
    }
    for row in rows {
      copyLine(
        left + row * batch.terms + terms.lowerBound, 1,
        gathered + (row - rows.lowerBound) * MatrixBlocks.termsPerBlock, 1, terms.count)
    }
  }

  /// Some columns of some terms, `panelWidth` apart; missing ones are 0.
  @inlinable
  static func packPanel(
    _ right: UnsafePointer<Float>, _ batch: MatrixBatch, _ columns: Range<Int>,
    _ terms: Range<Int>, into packed: UnsafeMutablePointer<Float>
  ) {
    guard batch.isRightTurned else {
      return copyPanel(
        right + terms.lowerBound * batch.columns + columns.lowerBound, rowCount: batch.columns,
        columns: columns.count, terms: terms.count, into: packed)
    }
    turn(
      right + columns.lowerBound * batch.terms + terms.lowerBound, batch.terms, columns.count,
      terms.count, into: packed, panelWidth)
    guard columns.count < panelWidth else { return }
    for term in 0..<terms.count {
      (packed + term * panelWidth + columns.count).update(
        repeating: 0, count: panelWidth - columns.count)
    }
  }

  /// `turned[j, i] = matrix[i, j]`, lines of either so far apart.
  @inlinable
  static func turn(
    _ matrix: UnsafePointer<Float>, _ stride: Int, _ rows: Int, _ columns: Int,
    into turned: UnsafeMutablePointer<Float>, _ turnedStride: Int
  ) {
    var first = 0
    while first < columns {
      let width = min(16, columns - first)
      for row in 0..<rows {
        copyLine(
          matrix + row * stride + first, 1, turned + first * turnedStride + row, turnedStride, width
        )
      }
      first += 16
    }
  }
}
