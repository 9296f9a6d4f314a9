import GradCAMPPKernels

/// The derivative: every operator's own gradient.
public struct GradientRule: BackwardRule {
  /// The rule.
  public init() {}

  /// "gradient".
  public var name: String { "gradient" }

  /// What it passes.
  public var summary: String { "the derivative of the target" }

  /// The operator's gradient.
  public func step(through operation: any Operator) throws(GradCAMError) -> any BackwardStep {
    OperatorGradient(operation)
  }
}

extension BackwardRule where Self == GradientRule {
  /// The derivative.
  public static var gradient: GradientRule { GradientRule() }
}
