import GradCAMPPKernels

extension VGGNetwork {
  /// The size of the input, and the cells to which the last pool's output is averaged before the
  /// dense layers.
  struct Size {
    let height: Int
    let width: Int
    /// Rows and columns; nil when the dense layers take all cells as they are.
    let averaged: [Int]?
  }

  /// The largest side of an input: a picture of so many pixels takes 100 MB as the network sees it.
  static let largestSide = 2048

  /// The size that the rows of the first dense layer leave, or that is asked for.
  ///
  /// Throws `badData` when the rows are those of no square and nothing is asked for, or those of one
  /// cell, which an input of one cell and global average pooling both have; `invalidArgument` when
  /// what is asked for does not fit.
  func size(_ wanted: [Int]?) throws(GradCAMError) -> Size {
    let rows = dense[0].weights.shape[0]
    let cells = rows / max(channels, 1)
    let side = Int(Double(cells).squareRoot().rounded())
    let isSquare = side * side == cells
    guard channels > 0, cells * channels == rows, cells > 0, blocks.count < 16 else {
      throw rowsError(rows)
    }
    guard let wanted else {
      guard isSquare, side << blocks.count <= Self.largestSide else { throw rowsError(rows) }
      return Size(height: side << blocks.count, width: side << blocks.count, averaged: nil)
    }
    // Each 2x2 pool leaves the last odd row and column out.
    let left = wanted.map { $0 >> blocks.count }
    guard wanted.count == 2, wanted.allSatisfy({ $0 <= Self.largestSide }) else {
      throw GradCAMError(
        .invalidArgument,
        "input_size is \(wanted); expected a height and a width of at most \(Self.largestSide)")
    }
    let averaged = cells == 1 ? [1, 1] : isAdaptive && isSquare ? [side, side] : nil
    if left[0] * left[1] == cells, averaged == nil || left == averaged {
      return Size(height: wanted[0], width: wanted[1], averaged: nil)
    }
    guard let averaged, zip(left, averaged).allSatisfy({ $0 >= $1 }) else {
      throw GradCAMError(
        .invalidArgument,
        "input_size is \(wanted), which leaves \(left[0]) x \(left[1]) cells before layer "
          + "\(dense[0].name) of \(origin); expected \(cells)\(averaged == nil ? "" : " or more")")
    }
    return Size(height: wanted[0], width: wanted[1], averaged: averaged)
  }

  private func rowsError(_ rows: Int) -> GradCAMError {
    GradCAMError(
      .badData,
      "\(origin): layer \(dense[0].name) has \(rows) rows; expected side x side x \(channels), one "
        + "for each element of the last pool's square output, for an input of at most "
        + "\(Self.largestSide) x \(Self.largestSide), or an input_size that leaves so many")
  }
}
