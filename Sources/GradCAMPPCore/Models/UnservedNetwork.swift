import GradCAMPPKernels

/// A family of networks that names of weights tell, though no builder makes them.
struct UnservedNetwork {
  /// What people call it.
  let name: String

  /// A family, and parts of names that its state dictionaries have together and others have not.
  private static let families: [(name: String, parts: [String])] = [
    ("a ConvNeXt", ["stages.0.blocks.0.conv_dw.weight"]),
    ("a ConvNeXt", ["features.1.0.layer_scale"]),
    ("a Swin transformer", ["attn.relative_position_bias_table"]),
    ("a vision transformer", ["encoder.layers.encoder_layer_0.self_attention.in_proj_weight"]),
    ("a vision transformer", ["blocks.0.attn.qkv.weight", "patch_embed.proj.weight"]),
    ("an Inception network", ["Mixed_5b.branch1x1.conv.weight"]),
    ("a MobileNetV3", ["features.1.block.0.0.weight", "features.4.block.2.fc1.weight"]),
    ("an EfficientNetV2", ["blocks.0.0.conv.weight", "conv_stem.weight"]),
    ("a SqueezeNet", ["features.3.squeeze.weight"]),
    ("a GoogLeNet", ["inception3a.branch1.conv.weight"]),
    ("an R-CNN", ["roi_heads.box_predictor.cls_score.weight"]),
    ("a YOLO network", ["model.0.conv.weight", "model.1.conv.weight"]),
  ]

  /// The family of these weights, nil when they are of none of the list.
  init?(_ weights: WeightStore) {
    let found = Self.families.first { family in
      family.parts.allSatisfy { part in weights.names.contains { $0.hasSuffix(part) } }
    }
    guard let found else { return nil }
    name = found.name
  }

  /// Says what was found, and the ways that do work.
  func error(_ origin: String) -> GradCAMError {
    GradCAMError(
      .badData,
      "\(origin) looks like the state dictionary of \(name), which is not served yet; export the "
        + "network to ONNX, whose common operators are, or compute activations and gradients with "
        + "your framework and make the map of them with cam")
  }
}
