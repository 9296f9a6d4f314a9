import GradCAMPPKernels

/// IS-CAM: strengths that grow step by step, as an integral is summed up.
public struct ISCAM: ChannelScoring {
  /// "iscam".
  public static let name = "iscam"

  /// What it computes.
  public static let summary =
    "IS-CAM: Score-CAM averaged over masks of growing strength; a forward pass for each strength "
    + "of each channel"

  /// Where it was published.
  public static let citation =
    "Naidu et al., IS-CAM: Integrated Score-CAM for axiomatic-based explanations, 2020, "
    + "arXiv:2010.03023, equation 8"

  /// One layer, and scores of the picture behind masks.
  public static let needs = MethodNeeds(gradients: false, scoring: true)

  /// What can be chosen.
  public static let options = [
    MethodOption(
      name: "samples", summary: "how many masks are made of each channel", kind: .integer,
      standard: 10, range: 1...10_000)
  ]

  /// How many masks are made of each channel.
  public let masksOfChannel: Int

  /// The method with its options.
  public init(_ options: MethodOptions) {
    masksOfChannel = Int(options["samples"])
  }

  /// The channel's mask times `Σ_{i ≤ sample + 1} i / samples`.
  public func mask(_ mask: [Float], channel: Int, sample: Int) -> [Float] {
    let steps = Double((sample + 1) * (sample + 2)) / 2
    let strength = Float(steps / Double(masksOfChannel))
    return mask.map { strength * $0 }
  }
}
