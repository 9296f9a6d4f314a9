import GradCAMPPKernels

/// An operator that takes several multiply-adds for each element that it writes, such as a convolution
/// or a product of matrices; any other operator is taken to need one.
public protocol MultiplyingOperator: Operator {
  /// Products that are added to a sum for one element of the output, 1 or more.
  func multiplyAddsForElement(_ inputs: [Shape]) -> Int
}

extension Convolution: MultiplyingOperator {
  /// The taps times the channels of a group.
  public func multiplyAddsForElement(_ inputs: [Shape]) -> Int {
    weights.kernel.reduce(weights.shape.inputs / max(weights.shape.groups, 1), *)
  }
}

extension Dense: MultiplyingOperator {
  /// The inputs.
  public func multiplyAddsForElement(_ inputs: [Shape]) -> Int { weights.shape[0] }
}
