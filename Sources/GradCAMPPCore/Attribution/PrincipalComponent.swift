import GradCAMPPKernels

// The leading left singular vector of a centred matrix X, times its singular value, by Lanczos'
// method on X Xᵀ.
//
// Golub and Van Loan, Matrix Computations, section 10.1: from a start vector q₁ the recurrence
//
//     β_j q_{j+1} = X Xᵀ q_j - α_j q_j - β_{j-1} q_{j-1}
//
// gives a tridiagonal matrix T whose largest eigenvalue and vector s approach those of X Xᵀ; the
// residual of Q s is β_j |s_j|. Each q is made orthogonal to all before it, twice, so that rounding
// brings no copies back. Own code instead of LAPACK: a map needs one vector of a matrix that is
// wide and thin, some dozens of products find it, and the same bytes come out whatever library a
// machine has.

/// The first principal component of the rows of a matrix.
enum PrincipalComponent {
  /// The most vectors of a run; the residual is far below float32's rounding long before.
  private static let mostVectors = 96

  /// When the residual is so small against the eigenvalue, the vector is found.
  private static let tolerance = 1e-12

  /// The projection of each row, less the mean row, on the direction in which rows vary most.
  ///
  /// Signed so that the number of largest magnitude is positive; zeros if all rows are equal.
  /// `values` has rows x columns numbers, row by row.
  static func projection(of values: [Double], rows: Int, columns: Int) -> [Double] {
    precondition(values.count == rows * columns)
    let matrix = CentredMatrix(values, rows: rows, columns: columns)
    let zeros = [Double](repeating: 0, count: rows)
    // A start that no structure of a picture is orthogonal to.
    var numbers = SeededNumbers(seed: 1)
    var start = matrix.timesTransposed((0..<rows).map { _ in numbers.uniform() - 0.5 })
    guard start.normalise() > 0 else { return zeros }
    var basis = [start]
    var diagonal: [Double] = []
    var beside: [Double] = []
    var weights = [1.0]
    let most = min(mostVectors, rows, columns)
    while true {
      var next = matrix.timesTransposed(basis[basis.count - 1])
      diagonal.append(dot(next, basis[basis.count - 1]))
      for _ in 0..<2 {
        for vector in basis { next.subtract(dot(next, vector), times: vector) }
      }
      let length = next.normalise()
      let leading = TridiagonalMatrix(diagonal: diagonal, beside: beside).leading()
      weights = leading.vector
      let residual = length * abs(weights[weights.count - 1])
      if basis.count >= most || residual <= tolerance * leading.value { break }
      beside.append(length)
      basis.append(next)
    }
    var direction = zeros
    for (vector, weight) in zip(basis, weights) { direction.subtract(-weight, times: vector) }
    guard direction.normalise() > 0 else { return zeros }
    // X v with v = Xᵀ u / |Xᵀ u|, which is σ u, with one more product's accuracy.
    var component = matrix.transposedTimes(direction)
    guard component.normalise() > 0 else { return zeros }
    let projection = matrix.times(component)
    let largest = projection.reduce(0) { abs($1) > abs($0) ? $1 : $0 }
    return largest < 0 ? projection.map { -$0 } : projection
  }
}

/// A matrix whose columns have mean 0.
private struct CentredMatrix {
  private let values: [Double]
  private let rows: Int
  private let columns: Int

  init(_ values: [Double], rows: Int, columns: Int) {
    var sums = [Double](repeating: 0, count: columns)
    for index in values.indices { sums[index % columns] += values[index] }
    let centred = values.indices.map { values[$0] - sums[$0 % columns] / Double(rows) }
    // What the mean's rounding leaves of equal numbers is no variation.
    let largest = values.reduce(0) { max($0, abs($1)) }
    let noise = 1e-12 * largest
    self.values = centred.map { abs($0) <= noise ? 0 : $0 }
    self.rows = rows
    self.columns = columns
  }

  func times(_ vector: [Double]) -> [Double] {
    (0..<rows).map { row in
      var sum = 0.0
      for column in 0..<columns { sum += values[row * columns + column] * vector[column] }
      return sum
    }
  }

  func transposedTimes(_ vector: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: columns)
    for row in 0..<rows {
      for column in 0..<columns { result[column] += values[row * columns + column] * vector[row] }
    }
    return result
  }

  /// `X Xᵀ v`.
  func timesTransposed(_ vector: [Double]) -> [Double] { times(transposedTimes(vector)) }
}

private func dot(_ left: [Double], _ right: [Double]) -> Double {
  zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
}

extension [Double] {
  fileprivate mutating func subtract(_ factor: Double, times other: [Double]) {
    for index in indices { self[index] -= factor * other[index] }
  }

  /// Divides by the length and returns it; a vector of zeros stays.
  fileprivate mutating func normalise() -> Double {
    let length = dot(self, self).squareRoot()
    if length > 0 { for index in indices { self[index] /= length } }
    return length
  }
}
