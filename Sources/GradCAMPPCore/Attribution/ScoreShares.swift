import Glibc

/// Shares that sum to 1.
enum ScoreShares {
  /// `exp(s_k) / Σ exp(s)`, finite for all finite scores.
  static func softmax(_ scores: [Double]) -> [Double] {
    let largest = scores.reduce(-.infinity) { max($0, $1) }
    let powers = scores.map { exp($0 - largest) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }
}
