import GradCAMPPKernels

/// A family of networks of inverted residual blocks, as it was published.
struct InvertedResidualFamily: Sendable {
  /// What networks of the family are called before their size: "EfficientNet-B".
  let name: String
  /// Sides of the depthwise kernels, stage by stage.
  let kernels: [Int]
  /// What stands behind a batch normalisation, and between the two of squeeze and excitation.
  let activation: StateActivation
  /// Published networks.
  let sizes: [Size]

  /// A published network.
  struct Size {
    /// Blocks of each stage.
    let depths: [Int]
    /// Channels of the last stage; nil for any, in a family that says its width otherwise.
    let width: Int?
    /// Height and width of the input.
    let input: Int
  }

  /// The stride of the first block of each stage, the same in all families.
  static let strides = [1, 2, 2, 2, 1, 2, 1]

  /// Tan and Le 2019, table 1; scaled by depth 1, 1.1, 1.2, 1.4, 1.8, 2.2, 2.6, 3.1.
  static let efficientNet = InvertedResidualFamily(
    name: "EfficientNet-B", kernels: [3, 3, 5, 3, 5, 5, 3], activation: .silu,
    sizes: [
      Size(depths: [1, 2, 2, 3, 3, 4, 1], width: 320, input: 224),
      Size(depths: [2, 3, 3, 4, 4, 5, 2], width: 320, input: 240),
      Size(depths: [2, 3, 3, 4, 4, 5, 2], width: 352, input: 260),
      Size(depths: [2, 3, 3, 5, 5, 6, 2], width: 384, input: 300),
      Size(depths: [2, 4, 4, 6, 6, 8, 2], width: 448, input: 380),
      Size(depths: [3, 5, 5, 7, 7, 9, 3], width: 512, input: 456),
      Size(depths: [3, 6, 6, 8, 8, 11, 3], width: 576, input: 528),
      Size(depths: [4, 7, 7, 10, 10, 13, 4], width: 640, input: 600),
    ])

  /// EfficientNet without squeeze and excitation, with ReLU6, its first and last stages never scaled
  /// in depth (https://github.com/tensorflow/tpu, models/official/efficientnet/lite).
  static let lite = InvertedResidualFamily(
    name: "EfficientNet-Lite", kernels: efficientNet.kernels, activation: .relu6,
    sizes: [
      Size(depths: [1, 2, 2, 3, 3, 4, 1], width: 320, input: 224),
      Size(depths: [1, 3, 3, 4, 4, 5, 1], width: 320, input: 240),
      Size(depths: [1, 3, 3, 4, 4, 5, 1], width: 352, input: 260),
      Size(depths: [1, 3, 3, 5, 5, 6, 1], width: 384, input: 280),
      Size(depths: [1, 4, 4, 6, 6, 8, 1], width: 448, input: 300),
    ])

  /// Table 2 of Sandler and others 2018, and timm's, scaled by depth 1.1 and 1.2.
  static let mobileNetV2 = InvertedResidualFamily(
    name: "MobileNetV2", kernels: [3, 3, 3, 3, 3, 3, 3], activation: .relu6,
    sizes: [
      Size(depths: [1, 2, 3, 4, 3, 3, 1], width: nil, input: 224),
      Size(depths: [1, 3, 4, 5, 4, 4, 1], width: nil, input: 224),
    ])

  /// The family of modules; nil when their depthwise kernels are those of none.
  static func of(
    _ modules: InvertedResidualModules, _ names: StateNames
  ) -> InvertedResidualFamily? {
    let kernels = modules.stages.map { names.filter($0[0].depthwise.convolution)[2] }
    let isSqueezed = modules.stages.first?[0].squeeze != nil
    return (isSqueezed ? [efficientNet] : [lite, mobileNetV2]).first { $0.kernels == kernels }
  }

  /// The name and the input's side of a network; nil when it was not published.
  func published(depths: [Int], width: Int) -> (name: String, place: Int, input: Int)? {
    let place = sizes.firstIndex { $0.depths == depths && ($0.width ?? width) == width }
    return place.map { (sizes[$0].width == nil ? name : "\(name)\($0)", $0, sizes[$0].input) }
  }
}
