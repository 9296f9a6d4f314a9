import GradCAMPPKernels

/// An activation becomes part of the kernel before it.
public enum ActivationFusion: Fusion {
  /// "activation".
  public static let name = "activation"

  /// The producer with the activation in its epilogue, where there is none yet.
  public static func fuse(_ pair: FusionPair) throws(GradCAMError) -> (any Operator)? {
    guard let carrier = pair.producer as? any EpilogueCarrier,
      carrier.epilogue.activation == .identity, !carrier.epilogue.pools,
      let activation = (pair.consumer as? any Activation)?.epilogue
    else { return nil }
    var epilogue = carrier.epilogue
    epilogue.activation = activation
    return try carrier.carrying(epilogue, pair.producerInputs)
  }
}
