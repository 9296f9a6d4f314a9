/// Bilinear enlargement whose border repeats its outermost cells, as masks need it.
///
/// Pixel i of `out` lies at (i + 0.5) n / out - 0.5 among n cells (PyTorch's `interpolate` without
/// aligned corners). A heat map's enlargement is another, `LinearResize`, which fades.
struct BilinearEnlargement {
  private struct Axis {
    var lower: [Int] = []
    var upper: [Int] = []
    var share: [Double] = []

    init(from source: Int, to target: Int) {
      for index in 0..<target {
        let place = (Double(index) + 0.5) * Double(source) / Double(target) - 0.5
        let inside = min(max(place, 0), Double(source - 1))
        lower.append(Int(inside))
        upper.append(min(Int(inside) + 1, source - 1))
        share.append(inside - Double(Int(inside)))
      }
    }
  }

  private let rows: Axis
  private let columns: Axis
  private let sourceWidth: Int

  /// From (height, width) to (height, width).
  init(from source: [Int], to target: [Int]) {
    precondition(source.count == 2 && target.count == 2, "height and width")
    rows = Axis(from: source[0], to: target[0])
    columns = Axis(from: source[1], to: target[1])
    sourceWidth = source[1]
  }

  /// The numbers, enlarged, row by row.
  func enlarged(_ values: [Double]) -> [Double] {
    var result: [Double] = []
    result.reserveCapacity(rows.share.count * columns.share.count)
    for row in rows.share.indices {
      let above = rows.lower[row] * sourceWidth
      let below = rows.upper[row] * sourceWidth
      let share = rows.share[row]
      for column in columns.share.indices {
        let (left, right) = (columns.lower[column], columns.upper[column])
        let beside = columns.share[column]
        let top = values[above + left] + beside * (values[above + right] - values[above + left])
        let bottom = values[below + left] + beside * (values[below + right] - values[below + left])
        result.append(top + share * (bottom - top))
      }
    }
    return result
  }
}
