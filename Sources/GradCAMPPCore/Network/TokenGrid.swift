import GradCAMPPKernels

/// How the tokens of a layer, (tokens, channels), stand for the cells of a picture.
///
/// Vision transformers cut a picture into a grid of patches, row by row, a token for each. Before
/// these there may be others that are no part of the picture: a class token (Dosovitskiy et al.,
/// An Image is Worth 16x16 Words, 2021), one for distillation, registers (Darcet et al., Vision
/// Transformers Need Registers, 2024).
public struct TokenGrid: Equatable, Sendable {
  /// How many tokens at the head are no cells.
  public let skipped: Int
  /// Rows of the grid.
  public let rows: Int
  /// Columns of the grid.
  public let columns: Int

  /// The grid that `count` tokens make for an input of these extents.
  ///
  /// It has the input's proportions and lies behind `skipped` tokens, or behind none or one where
  /// that is nil. Nil where there is no such grid.
  public init?(tokens count: Int, skipped: Int?, height: Int, width: Int) {
    for before in skipped.map({ [$0] }) ?? [0, 1] {
      let cells = count - before
      guard cells > 1, height > 0, width > 0 else { continue }
      // rows * columns = cells and rows * width = columns * height.
      let rows = Int((Double(cells) * Double(height) / Double(width)).squareRoot().rounded())
      guard rows > 0, cells % rows == 0, rows * width == cells / rows * height else { continue }
      (self.skipped, self.rows, self.columns) = (before, rows, cells / rows)
      return
    }
    return nil
  }

  /// The tokens that are cells, as (rows, columns, channels).
  func cells(of tokens: Tensor) throws(GradCAMError) -> Tensor {
    let channels = tokens.shape.channels
    return try Tensor(Shape([rows, columns, channels])) { cells in
      tokens.read { tokens in
        for index in cells.indices { cells[index] = tokens[skipped * channels + index] }
      }
    }
  }
}
