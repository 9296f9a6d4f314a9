import GradCAMPPKernels

/// The sum of a kernel's result and another tensor becomes part of the kernel.
///
/// It is the end of a residual block (He et al. 2016, "Deep Residual Learning for Image
/// Recognition", figure 2). The step runs where the sum stands, when the other tensor is there. The gradient of the sum goes
/// to both and reads neither, so that a walk back needs nothing of what is left out.
public enum ResidualFusion: Fusion {
  /// "residual".
  public static let name = "residual"

  /// The producer with the other tensor as its last input, where it has no epilogue yet.
  public static func fuse(_ pair: FusionPair) throws(GradCAMError) -> (any Operator)? {
    guard let carrier = pair.producer as? any EpilogueCarrier, carrier.epilogue == .none,
      pair.consumer is Addition, pair.consumerInputs.count == 2
    else { return nil }
    return try carrier.carrying(Epilogue(addsResidual: true), pair.producerInputs)
  }
}
