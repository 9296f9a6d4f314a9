import GradCAMPPKernels

/// Integrated gradients from a grey baseline.
///
/// The sum over all pixels and colours approaches the score's difference between the picture and
/// the baseline, before the ending that shows the positive part.
public struct IntegratedGradients: AttributionMethod {
  /// "integrated-gradients".
  public static let name = "integrated-gradients"

  /// What it computes.
  public static let summary =
    "integrated gradients: the picture less a baseline, times the mean gradient on the way between "
    + "them; a pass forward and back for each step"

  /// Where it was published.
  public static let citation =
    "Sundararajan, Taly and Yan, Axiomatic Attribution for Deep Networks, ICML 2017, equations 1 "
    + "and 3"

  /// The picture itself, and gradients of changed pictures.
  public static let needs = MethodNeeds(layers: .input, repeats: true)

  /// What can be chosen.
  public static let options = [
    MethodOption(
      name: "steps", summary: "how many pictures on the way", kind: .integer,
      standard: 50, range: 1...100_000),
    MethodOption(
      name: "baseline", summary: "the grey of the baseline, from black to white", kind: .number,
      standard: 0, range: 0...1),
  ]

  private let steps: Int
  private let baseline: Float

  /// The method with its options.
  public init(_ options: MethodOptions) {
    steps = Int(options["steps"])
    baseline = Float(options["baseline"])
  }

  /// `Σ_colours (x - b) (1/N) Σ_i ∂score(b + (i - 1/2)/N (x - b))`: midpoints of N steps.
  public func map(_ evidence: Evidence) throws(GradCAMError) -> AttributionMap {
    let source = evidence.evidenceSource
    let picture = source.picture
    var map = [Double](repeating: 0, count: picture.count / 3)
    try source.forEach(
      count: steps,
      picture: { step in
        let share = (Float(step) + 0.5) / Float(steps)
        return picture.map { baseline + share * ($0 - baseline) }
      },
      body: { _, layers in
        var index = 0
        layers[0].forEachGradient { _, gradient in
          map[index / 3] += Double(picture[index] - baseline) * gradient / Double(steps)
          index += 1
        }
      })
    return AttributionMap(map, shape: evidence.layers[0].spatialShape)
  }
}
