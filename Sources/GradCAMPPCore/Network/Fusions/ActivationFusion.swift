import GradCAMPPKernels

/// An activation becomes part of the kernel before it.
public enum ActivationFusion: Fusion {
  /// "activation".
  public static let name = "activation"

  /// The producer with the activation as its epilogue, where it has none yet.
  public static func fuse(_ pair: FusionPair) throws(GradCAMError) -> (any Operator)? {
    guard let carrier = pair.producer as? any EpilogueCarrier, carrier.epilogue == .none,
      let activation = (pair.consumer as? any Activation)?.epilogue
    else { return nil }
    return try carrier.carrying(Epilogue(activation: activation), pair.producerInputs)
  }
}
