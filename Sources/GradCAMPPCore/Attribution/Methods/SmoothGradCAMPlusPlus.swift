import GradCAMPPKernels

/// Smooth Grad-CAM++: the powers of the gradient in Grad-CAM++ are means over noisy pictures.
public struct SmoothGradCAMPlusPlus: AttributionMethod {
  /// "smoothgradcam++".
  public static let name = "smoothgradcam++"

  /// What it computes.
  public static let summary =
    "Smooth Grad-CAM++: Grad-CAM++ with derivatives averaged over pictures with noise; a pass "
    + "forward and back for each"

  /// Where it was published.
  public static let citation =
    "Omeiza et al., Smooth Grad-CAM++: An Enhanced Inference Level Visualization Technique for "
    + "Deep Convolutional Neural Network Models, 2019, arXiv:1908.01224, equations 6 to 8"

  /// One layer, and gradients of changed pictures.
  public static let needs = MethodNeeds(gradients: false, repeats: true)

  /// What can be chosen.
  public static let options = [
    MethodOption(
      name: "samples", summary: "how many noisy pictures", kind: .integer,
      standard: 25, range: 1...100_000),
    MethodOption(
      name: "deviation",
      summary: "standard deviation of the noise, as a share of the range of the picture",
      kind: .number, standard: 0.15, range: 0...10),
    MethodOption(
      name: "seed", summary: "which noise", kind: .integer,
      standard: 1, range: 0...4_294_967_295),
  ]

  private let samples: Int
  private let deviation: Double
  private let seed: UInt64

  /// The method with its options.
  public init(_ options: MethodOptions) {
    samples = Int(options["samples"])
    deviation = options["deviation"]
    seed = UInt64(options["seed"])
  }

  /// `Σ_k w_k A_k` with `w = Σ α max(D₁, 0)` and `α = D₂ / (2 D₂ + S D₃)`.
  ///
  /// D₁, D₂, D₃ are the means of g, g², g³ over the noisy pictures, S the sum of the channel's
  /// activations for the picture itself; α is 0 where its denominator is.
  public func map(_ evidence: Evidence) throws(GradCAMError) -> AttributionMap {
    let layer = evidence.layers[0]
    let source = evidence.evidenceSource
    var noise = NoisyPictures(source.picture, deviation: deviation, seed: seed)
    var first = [Double](repeating: 0, count: layer.cells * layer.channels)
    var second = first
    var third = first
    try source.forEach(count: samples, picture: { _ in noise.next() }) { _, layers in
      var index = 0
      layers[0].forEachGradient { _, gradient in
        first[index] += gradient / Double(samples)
        second[index] += gradient * gradient / Double(samples)
        third[index] += gradient * gradient * gradient / Double(samples)
        index += 1
      }
    }
    let sums = layer.activationSums()
    var weights = [Double](repeating: 0, count: layer.channels)
    for index in first.indices {
      let channel = index % layer.channels
      let divisor = 2 * second[index] + sums[channel] * third[index]
      if divisor != 0 { weights[channel] += second[index] / divisor * max(first[index], 0) }
    }
    return layer.weightedSum(weights)
  }
}
