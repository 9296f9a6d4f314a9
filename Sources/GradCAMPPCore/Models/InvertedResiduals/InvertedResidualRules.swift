import GradCAMPPKernels

/// What an origin's networks of a family have that no shape says.
struct InvertedResidualRules {
  /// Cells around the convolutions' inputs.
  let padding: StateGraph.Padding
  /// Of the batch normalisations.
  let epsilon: Double
  /// How colours go in.
  let normalization: Normalization
  /// How much of a picture is seen, and how it is resized; nil where nobody says it.
  let framing: Framing?
  /// Whether timm's names leave open which of its two kinds it is.
  private let isUnsure: Bool

  /// The rules for the network at `place` among the family's sizes; nil for one that was not
  /// published.
  init(
    _ family: InvertedResidualFamily, _ naming: InvertedResidualNaming, _ place: Int?,
    _ configuration: TimmConfiguration?
  ) throws(GradCAMError) {
    let isOriginal = naming.origin == InvertedResidualNaming.efficientNetPyTorch.origin
    let isEfficientNet = family.name != InvertedResidualFamily.mobileNetV2.name
    let isLite = family.name == InvertedResidualFamily.lite.name
    let isTensorFlow = isOriginal || configuration?.isTensorFlow == true
    padding = isTensorFlow ? .same : .half
    // torchvision's B5 to B7 keep TensorFlow's epsilon.
    let isLargeTorchvision =
      naming.origin == InvertedResidualNaming.torchvision.origin && isEfficientNet
      && place ?? 0 >= 5
    epsilon = isTensorFlow || isLargeTorchvision ? 1e-3 : 1e-5
    normalization = isOriginal && isLite ? .lite : .torchvision
    // 224 of 256, in the proportions of any size.
    framing =
      isOriginal && isLite
      ? try Framing(crop: .center, fraction: 224 / 256, filter: .bicubic) : nil
    isUnsure =
      naming.origin == InvertedResidualNaming.timm.origin && isEfficientNet && configuration == nil
  }

  /// What is assumed.
  func notes(_ origin: String) -> [String] {
    guard isUnsure else { return [] }
    return [
      "\(origin) has names that timm's efficientnet_ and tf_efficientnet_ share: padding and epsilon "
        + "of the former are assumed; its config.json, beside model.safetensors, would say"
    ]
  }
}

extension Normalization {
  /// What EfficientNet-Lites were trained with: `(colour - 127) / 128`.
  static let lite = Normalization(
    channelOrder: .rgb, scale: 1 / 128, mean: [127 / 128, 127 / 128, 127 / 128],
    deviation: [1, 1, 1])
}
