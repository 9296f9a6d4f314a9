import GradCAMPPKernels

/// What is said about a model when it is opened; the defaults are what the weights say.
public struct ModelOptions: Sendable {
  /// How colours go in; nil for what the weights or their names say.
  public var normalization: Normalization?
  /// What is done about pictures of other proportions than the input's.
  public var crop: Crop
  /// How a file comes into memory.
  public var mode: MappedFile.Mode
  /// What a file and its network may cost.
  public var limits: Limits
  /// How logits of classes become probabilities; nil for what the weights say.
  public var probabilities: OutputKind.Probabilities?

  /// The defaults, but for what is given.
  public init(
    normalization: Normalization? = nil, crop: Crop = .center, mode: MappedFile.Mode = .mapped,
    limits: Limits = Limits(), probabilities: OutputKind.Probabilities? = nil
  ) {
    self.normalization = normalization
    self.crop = crop
    self.mode = mode
    self.limits = limits
    self.probabilities = probabilities
  }
}
