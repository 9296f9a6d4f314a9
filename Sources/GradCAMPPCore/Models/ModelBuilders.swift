import GradCAMPPKernels

/// Infers a network from named arrays of weights.
public protocol ModelBuilder: Sendable {
  /// What it builds, as said in messages: "VGG".
  static var name: String { get }

  /// Whether the arrays' names are those of its architectures.
  static func recognizes(_ weights: WeightStore) -> Bool

  /// The network; throws `badData` naming the layer that does not fit.
  static func build(_ weights: WeightStore) throws(GradCAMError) -> LoadedModel
}

/// The architectures that can be inferred from weights.
public enum ModelBuilders {
  /// Every builder, in the order in which weights are tried.
  public static let all: [any ModelBuilder.Type] = [
    VGG.self
  ]

  /// The network of these weights, whose names may be another program's; throws `badData` when no
  /// architecture has such layers.
  ///
  /// `normalization` is how colours go in; nil for what the weights or their names say.
  public static func build(
    _ weights: WeightStore, normalization: Normalization? = nil
  ) throws(GradCAMError) -> LoadedModel {
    let weights = try WeightImporters.imported(weights, normalization: normalization)
    for builder in all where builder.recognizes(weights) { return try builder.build(weights) }
    let names = weights.layers.prefix(4).map(\.quoted).joined(separator: ", ")
    throw GradCAMError(
      .badData,
      "\(weights.origin) holds no network that is known: found "
        + (names.isEmpty ? "no layers" : names + (weights.layers.count > 4 ? ", …" : ""))
        + "; expected layers named conv1_1, conv1_2, … and fc6, fc7, fc8, or the names of "
        + WeightImporters.all.map { $0.name }.joined(separator: " or "))
  }
}
