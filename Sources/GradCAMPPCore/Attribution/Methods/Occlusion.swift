import GradCAMPPKernels

/// Occlusion: a square that covers the picture moves over it.
///
/// It has the colour that goes into the network as 0, or the nearest there is.
public struct Occlusion: AttributionMethod {
  /// "occlusion".
  public static let name = "occlusion"

  /// What it computes.
  public static let summary =
    "occlusion: how far the target's score falls when a square of the picture is covered; one "
    + "forward pass for each square"

  /// Where it was published.
  public static let citation =
    "Zeiler and Fergus, Visualizing and Understanding Convolutional Networks, ECCV 2014, "
    + "section 4.2"

  /// The picture itself, and its scores behind masks.
  public static let needs = MethodNeeds(layers: .input, gradients: false, scoring: true)

  /// What can be chosen.
  public static let options = [
    MethodOption(
      name: "size", summary: "side of the square in pixels of the network's input", kind: .integer,
      standard: 32, range: 1...4096),
    MethodOption(
      name: "stride", summary: "pixels from one square to the next", kind: .integer,
      standard: 16, range: 1...4096),
  ]

  private let size: Int
  private let step: Int

  /// The method with its options.
  public init(_ options: MethodOptions) {
    size = Int(options["size"])
    step = Int(options["stride"])
  }

  /// The mean fall of the score over the squares that cover a pixel; 0 where none does.
  public func map(_ evidence: Evidence) throws(GradCAMError) -> AttributionMap {
    let scorer = evidence.maskScorer
    let extents = scorer.maskShape.extents
    let open = [Float](repeating: 1, count: scorer.maskShape.count)
    let whole = try scorer.scores(masks: [open])[0]
    var falls = [Double](repeating: 0, count: open.count)
    var covers = falls
    let squares = Self.starts(extents[0], size, step).flatMap { top in
      Self.starts(extents[1], size, step).map { left in (top, left) }
    }
    for first in stride(from: 0, to: squares.count, by: ChannelMasks.scoredTogether) {
      let part = squares[first..<min(squares.count, first + ChannelMasks.scoredTogether)]
      let pixels = part.map { top, left in
        (top..<min(top + size, extents[0])).flatMap { row in
          (left..<min(left + size, extents[1])).map { row * extents[1] + $0 }
        }
      }
      let masks = pixels.map { covered in
        var mask = open
        for pixel in covered { mask[pixel] = 0 }
        return mask
      }
      for (covered, score) in zip(pixels, try scorer.scores(masks: masks)) {
        for pixel in covered {
          falls[pixel] += whole - score
          covers[pixel] += 1
        }
      }
    }
    return AttributionMap(
      zip(falls, covers).map { $1 == 0 ? 0 : $0 / $1 }, shape: scorer.maskShape)
  }

  /// Where squares begin along an axis: the last one ends at the border.
  private static func starts(_ extent: Int, _ size: Int, _ step: Int) -> [Int] {
    let last = max(extent - size, 0)
    let starts = Array(stride(from: 0, to: last, by: step))
    return starts + [last]
  }
}
