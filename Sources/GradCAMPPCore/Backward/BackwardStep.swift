import GradCAMPPKernels

/// A step back through one operator: from what arrives at its outputs to what leaves its inputs.
///
/// For the gradient rule these are derivatives of the target; other rules pass other things.
public protocol BackwardStep: Sendable {
  /// Which forward tensors `run` reads.
  var needs: GradientNeeds { get }

  /// Whether several walks may pass together, as one batch: what leaves is then a linear function
  /// of what arrives, the same at every point.
  var isLinear: Bool { get }

  /// Elements of scratch memory that `run` needs.
  func scratch(_ inputs: [Shape]) throws(GradCAMError) -> Int

  /// Computes what leaves the wanted inputs, replacing what is in their slots.
  func run(_ slots: GradientSlots, in run: Run) throws(GradCAMError)
}

/// An operator's derivative.
public struct OperatorGradient: BackwardStep {
  /// The operator.
  public let operation: any Operator

  /// The derivative of `operation`.
  public init(_ operation: any Operator) { self.operation = operation }

  /// What the operator's gradient reads.
  public var needs: GradientNeeds { operation.gradientNeeds }

  /// Whether the operator is linear.
  public var isLinear: Bool { operation.isLinear }

  /// What the operator's gradient asks for.
  public func scratch(_ inputs: [Shape]) throws(GradCAMError) -> Int {
    try operation.gradientScratch(inputs)
  }

  /// The operator's gradient.
  public func run(_ slots: GradientSlots, in run: Run) throws(GradCAMError) {
    try operation.gradient(slots, in: run)
  }
}
