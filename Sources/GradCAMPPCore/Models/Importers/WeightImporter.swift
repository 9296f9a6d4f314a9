import GradCAMPPKernels

/// Knows the names and layouts that another program gives its weights.
///
/// It turns them into those of this library: `conv1_1/weights` (3, 3, inputs, outputs),
/// `fc6/weights` (inputs, outputs), and `biases` of each.
public protocol WeightImporter: Sendable {
  /// Whose weights, as said in messages.
  static var name: String { get }

  /// How these weights want colours when nothing else is said.
  static var normalization: Normalization { get }

  /// Whether the arrays' names are of this kind.
  static func recognizes(_ weights: WeightStore) -> Bool

  /// The arrays under this library's names; throws `badData` naming what does not fit.
  static func layers(_ weights: WeightStore) throws(GradCAMError) -> ImportedLayers
}

/// The programs whose weights are understood.
public enum WeightImporters {
  /// Every importer, in the order in which weights are tried.
  public static let all: [any WeightImporter.Type] = [
    TorchVGG.self,
    KerasVGG.self,
  ]

  /// The weights under this library's names; those that no importer recognizes as they are.
  ///
  /// `normalization` is what the caller wants in place of what origin or importer say.
  public static func imported(
    _ weights: WeightStore, normalization: Normalization? = nil
  ) throws(GradCAMError) -> WeightStore {
    let importer = all.first { $0.recognizes(weights) }
    let layers = try importer?.layers(weights)
    // Of a network that nobody recognizes, its names say more than its counts of training steps.
    let counts = weights.otherTypes.keys.filter { $0.hasSuffix(".num_batches_tracked") }
    let ignored = layers?.ignored ?? Set(counts)
    if let (name, type) = weights.otherTypes.filter({ !ignored.contains($0.key) })
      .min(by: { $0.key < $1.key })
    {
      throw GradCAMError(
        .badData,
        "\(weights.origin): \(name.quoted) is of dtype \(type); expected float16, "
          + "bfloat16, float32 or float64")
    }
    return try WeightStore(
      origin: weights.origin,
      layers?.entries ?? weights.names.compactMap { name in weights[name].map { (name, $0) } },
      normalization: normalization ?? weights.normalization ?? importer?.normalization)
  }
}
