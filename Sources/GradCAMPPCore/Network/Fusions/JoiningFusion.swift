/// Joining tensors along their channels becomes part of the scaling behind it.
///
/// So DenseNet's growing concatenations (Huang et al. 2017, "Densely Connected Convolutional
/// Networks", section 3), each read by a batch normalisation of its own, are never written.
public enum JoiningFusion: Fusion {
  /// "joining".
  public static let name = "joining"

  /// The scaling, which takes the parts.
  public static func fuse(_ pair: FusionPair) -> (any Operator)? {
    guard let joined = pair.producer as? Concatenation, let shape = pair.producerInputs.first,
      joined.axis == shape.rank - 1, joined.constants.isEmpty,
      let scaling = pair.consumer as? ChannelAffine, !scaling.joins
    else { return nil }
    return scaling.joining()
  }
}
