import GradCAMPPKernels

/// What is said about a model when it is opened; the defaults are what the weights say.
public struct ModelOptions: Sendable {
  /// How colours go in; nil for what the weights or their names say.
  public var normalization: Normalization?
  /// What is done about pictures of other proportions than the input's.
  public var crop = Crop.center

  /// The defaults.
  public init(normalization: Normalization? = nil, crop: Crop = .center) {
    self.normalization = normalization
    self.crop = crop
  }
}
