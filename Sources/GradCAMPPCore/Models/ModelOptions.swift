import GradCAMPPKernels

/// What a caller says about a network beside its weights.
public struct ModelOptions: Sendable {
  /// How colours go in; nil for what the weights or their names say.
  public var normalization: Normalization?
  /// What is done about pictures of other proportions than the input's.
  public var crop = Crop.center

  /// What is assumed when nothing is said.
  public init() {}
}
