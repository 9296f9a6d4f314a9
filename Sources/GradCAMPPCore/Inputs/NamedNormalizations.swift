import GradCAMPPKernels

/// A normalisation that can be asked for by name.
public struct NamedNormalization: Sendable {
  /// What it is asked for by.
  public let name: String
  /// What it does, in a phrase.
  public let summary: String
  /// Where it is from; empty when there is nothing to cite.
  public let citation: String
  /// The values.
  public let value: Normalization
}

/// The normalisations that have names.
public enum NamedNormalizations {
  /// Every one, the default first.
  public static let all = [
    NamedNormalization(
      name: "caffe",
      summary: "BGR, 0 to 255, less the mean colour of ImageNet: the VGG networks of 2014, Keras",
      citation:
        "Simonyan and Zisserman, Very Deep Convolutional Networks for Large-Scale Image "
        + "Recognition, ICLR 2015, section 2.1", value: .caffe),
    NamedNormalization(
      name: "torchvision",
      summary: "RGB, 0 to 1, standardised by mean and deviation of ImageNet: torchvision, timm",
      citation: "", value: .torchvision),
    NamedNormalization(
      name: "tensorflow", summary: "RGB, -1 to 1: many networks of TensorFlow", citation: "",
      value: .tensorflow),
    NamedNormalization(name: "unit", summary: "RGB, 0 to 1", citation: "", value: .unit),
  ]

  /// The normalisation of that name; throws `invalidArgument` listing those there are.
  public static func named(_ name: String) throws(GradCAMError) -> Normalization {
    guard let found = all.first(where: { $0.name == name }) else {
      throw GradCAMError(
        .invalidArgument,
        "preprocessing \(name.quoted) is unknown; expected one of "
          + all.map(\.name).joined(separator: ", "))
    }
    return found.value
  }
}

extension Normalization {
  /// What the VGG networks of 2014 were trained with: the means are those of the training pictures.
  public static let caffe = Normalization(
    channelOrder: .bgr, scale: 1, mean: [103.939, 116.779, 123.68], deviation: [1, 1, 1])

  /// What torchvision's networks were trained with.
  public static let torchvision = Normalization(
    channelOrder: .rgb, scale: 1 / 255, mean: [0.485, 0.456, 0.406],
    deviation: [0.229, 0.224, 0.225])

  /// Colours from -1 to 1, as many networks of TensorFlow were trained with.
  public static let tensorflow = Normalization(
    channelOrder: .rgb, scale: 1 / 127.5, mean: [1, 1, 1], deviation: [1, 1, 1])

  /// Colours from 0 to 1 as they are.
  public static let unit = Normalization(
    channelOrder: .rgb, scale: 1 / 255, mean: [0, 0, 0], deviation: [1, 1, 1])
}
