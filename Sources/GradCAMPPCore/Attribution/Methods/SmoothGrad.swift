import GradCAMPPKernels

/// SmoothGrad: the mean gradient of noisy copies of the picture.
public struct SmoothGrad: AttributionMethod {
  /// "smoothgrad".
  public static let name = "smoothgrad"

  /// What it computes.
  public static let summary =
    "SmoothGrad: the gradient by the pixels, averaged over pictures with noise; a pass forward and "
    + "back for each"

  /// Where it was published.
  public static let citation =
    "Smilkov et al., SmoothGrad: removing noise by adding noise, 2017, arXiv:1706.03825"

  /// The picture itself, and gradients of changed pictures.
  public static let needs = MethodNeeds(layers: .input, repeats: true)

  /// What can be chosen.
  public static let options = [
    MethodOption(
      name: "samples", summary: "how many noisy pictures", kind: .integer,
      standard: 25, range: 1...100_000),
    MethodOption(
      name: "deviation",
      summary: "standard deviation of the noise, as a share of the range of the picture",
      kind: .number,
      standard: 0.15, range: 0...10),
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

  /// The largest magnitude among the colours of the mean gradient.
  public func map(_ evidence: Evidence) throws(GradCAMError) -> AttributionMap {
    let source = evidence.evidenceSource
    var noise = NoisyPictures(source.picture, deviation: deviation, seed: seed)
    var mean = [Double](repeating: 0, count: source.picture.count)
    try source.forEach(count: samples, picture: { _ in noise.next() }) { _, layers in
      var index = 0
      layers[0].forEachGradient { _, gradient in
        mean[index] += gradient / Double(samples)
        index += 1
      }
    }
    return evidence.layers[0].largestMagnitudes(of: mean)
  }
}
