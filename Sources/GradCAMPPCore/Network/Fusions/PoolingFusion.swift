import GradCAMPPKernels

/// Max pooling of 2x2 cells becomes part of the kernel before it.
public enum PoolingFusion: Fusion {
  /// "pooling".
  public static let name = "pooling"

  /// The producer, pooling what its activation leaves.
  public static func fuse(_ pair: FusionPair) throws(GradCAMError) -> (any Operator)? {
    guard let carrier = pair.producer as? any EpilogueCarrier,
      carrier.epilogue == Epilogue(activation: .relu), let pooling = pair.consumer as? MaxPooling,
      pooling.kernel == [2, 2], pooling.stride == [2, 2], pooling.dilation == [1, 1],
      pooling.padding == .same
    else { return nil }
    var epilogue = carrier.epilogue
    epilogue.pools = true
    return try carrier.carrying(epilogue, pair.producerInputs)
  }
}
