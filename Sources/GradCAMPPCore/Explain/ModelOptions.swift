import GradCAMPPKernels

/// What is said about a model when it is opened; the defaults are what the weights say.
public struct ModelOptions: Sendable {
  /// How colours go in; nil for what the weights or their names say.
  public var normalization: Normalization?
  /// What is done about pictures of other proportions than the input's.
  public var crop = Crop.center
  /// What the weight file and the network may cost.
  public var limits = Limits()
  /// How a weight file comes into memory.
  public var mode = MappedFile.Mode.mapped

  /// The defaults.
  public init(
    normalization: Normalization? = nil, crop: Crop = .center, limits: Limits = Limits(),
    mode: MappedFile.Mode = .mapped
  ) {
    self.normalization = normalization
    self.crop = crop
    self.limits = limits
    self.mode = mode
  }
}
