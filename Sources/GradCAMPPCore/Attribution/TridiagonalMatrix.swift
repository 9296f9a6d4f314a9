/// A symmetric tridiagonal matrix of some dozens of rows.
struct TridiagonalMatrix {
  /// The numbers on the diagonal.
  let diagonal: [Double]
  /// The numbers beside it, one fewer.
  let beside: [Double]

  /// The largest eigenvalue and its vector, of length 1.
  ///
  /// By bisection on the count of eigenvalues above a number (Sturm's sequence), then inverse
  /// iteration (Golub and Van Loan, Matrix Computations, sections 8.4.1 and 7.6.1).
  func leading() -> (value: Double, vector: [Double]) {
    let count = diagonal.count
    // Gershgorin: no eigenvalue lies outside.
    var lower = Double.infinity
    var upper = -Double.infinity
    for row in 0..<count {
      let radius =
        (row > 0 ? abs(beside[row - 1]) : 0) + (row < count - 1 ? abs(beside[row]) : 0)
      lower = min(lower, diagonal[row] - radius)
      upper = max(upper, diagonal[row] + radius)
    }
    // An interval of doubles is halved until its ends are neighbours or nearly so.
    for _ in 0..<200 where upper - lower > 1e-15 * max(abs(lower), abs(upper)) {
      let middle = lower + (upper - lower) / 2
      if hasEigenvalue(above: middle) { lower = middle } else { upper = middle }
    }
    var vector = [Double](repeating: 1, count: count)
    for _ in 0..<4 { vector = solved(shift: upper, vector) }
    return (upper, vector)
  }

  /// Whether an eigenvalue is larger than `shift`: whether T - shift is not negative definite.
  private func hasEigenvalue(above shift: Double) -> Bool {
    var pivot = diagonal[0] - shift
    if pivot >= 0 { return true }
    for row in 1..<diagonal.count {
      pivot = diagonal[row] - shift - beside[row - 1] * beside[row - 1] / pivot
      if pivot >= 0 { return true }
    }
    return false
  }

  /// `(T - shift)⁻¹ v`, of length 1, for a shift at the upper end: all pivots but perhaps the last
  /// are negative, and one of 0 is taken as a very small one.
  private func solved(shift: Double, _ vector: [Double]) -> [Double] {
    let count = diagonal.count
    let smallest = max(abs(shift), 1e-300) * 1e-16
    var pivots = [Double](repeating: 0, count: count)
    var result = vector
    for row in 0..<count {
      pivots[row] = diagonal[row] - shift
      if row > 0 {
        let factor = beside[row - 1] / pivots[row - 1]
        pivots[row] -= factor * beside[row - 1]
        result[row] -= factor * result[row - 1]
      }
      if abs(pivots[row]) < smallest { pivots[row] = -smallest }
    }
    for row in (0..<count).reversed() {
      if row < count - 1 { result[row] -= beside[row] * result[row + 1] }
      result[row] /= pivots[row]
    }
    let largest = result.reduce(0) { max($0, abs($1)) }
    let length = result.reduce(0) { $0 + ($1 / largest) * ($1 / largest) }.squareRoot()
    return result.map { $0 / largest / length }
  }
}
