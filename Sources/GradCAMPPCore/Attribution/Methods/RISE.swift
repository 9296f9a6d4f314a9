import GradCAMPPKernels

/// RISE: which random parts of the picture, shown alone, raise the score.
///
/// It was published for probabilities: ask it about the target "probability" to have that.
public struct RISE: AttributionMethod {
  /// "rise".
  public static let name = "rise"

  /// What it computes.
  public static let summary =
    "RISE: the mean of random masks, weighted by the target's score for the picture behind them; "
    + "one forward pass for each mask"

  /// Where it was published.
  public static let citation =
    "Petsiuk, Das and Saenko, RISE: Randomized Input Sampling for Explanation of Black-box "
    + "Models, BMVC 2018, equation 6 and section 3.2"

  /// The picture itself, and its scores behind masks.
  public static let needs = MethodNeeds(layers: .input, gradients: false, scoring: true)

  /// What can be chosen.
  public static let options = [
    MethodOption(
      name: "masks", summary: "how many random masks", kind: .integer,
      standard: 4000, range: 1...1_000_000),
    MethodOption(
      name: "cells", summary: "cells of a mask along each axis before it is enlarged",
      kind: .integer,
      standard: 7, range: 1...64),
    MethodOption(
      name: "share", summary: "the share of cells that are shown", kind: .number,
      standard: 0.5, range: 0.01...1),
    MethodOption(
      name: "seed", summary: "which masks", kind: .integer,
      standard: 1, range: 0...4_294_967_295),
  ]

  private let count: Int
  private let cells: Int
  private let share: Double
  private let seed: UInt64

  /// The method with its options.
  public init(_ options: MethodOptions) {
    count = Int(options["masks"])
    cells = Int(options["cells"])
    share = options["share"]
    seed = UInt64(options["seed"])
  }

  /// `Σ_i score_i M_i / (N p)`, over N masks of which a share p is shown.
  public func map(_ evidence: Evidence) throws(GradCAMError) -> AttributionMap {
    let scorer = evidence.maskScorer
    let extents = scorer.maskShape.extents
    var numbers = SeededNumbers(seed: seed)
    var sums = [Double](repeating: 0, count: scorer.maskShape.count)
    for first in stride(from: 0, to: count, by: ChannelMasks.scoredTogether) {
      let masks = (first..<min(count, first + ChannelMasks.scoredTogether)).map { _ in
        mask(height: extents[0], width: extents[1], &numbers)
      }
      for (mask, score) in zip(masks, try scorer.scores(masks: masks)) {
        for index in sums.indices { sums[index] += score * Double(mask[index]) }
      }
    }
    return AttributionMap(
      sums.map { $0 / (Double(count) * share) }, shape: scorer.maskShape)
  }

  /// A random grid, enlarged by one cell more than the picture and moved by a random part of it.
  private func mask(height: Int, width: Int, _ numbers: inout SeededNumbers) -> [Float] {
    let cellHeight = (height + cells - 1) / cells
    let cellWidth = (width + cells - 1) / cells
    let grid = (0..<cells * cells).map { _ in numbers.uniform() < share ? 1.0 : 0.0 }
    let large = [(cells + 1) * cellHeight, (cells + 1) * cellWidth]
    let enlarged = BilinearEnlargement(from: [cells, cells], to: large).enlarged(grid)
    let top = Int(numbers.uniform() * Double(cellHeight))
    let left = Int(numbers.uniform() * Double(cellWidth))
    var mask: [Float] = []
    mask.reserveCapacity(height * width)
    for row in top..<top + height {
      for column in left..<left + width { mask.append(Float(enlarged[row * large[1] + column])) }
    }
    return mask
  }
}
