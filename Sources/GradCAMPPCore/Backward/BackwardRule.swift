import GradCAMPPKernels

/// Says how a walk goes back through each kind of operator.
///
/// A rule is one file in `Rules` and one line in `BackwardRules.all`. It is chosen for each walk:
/// the network is the same for all of them.
public protocol BackwardRule: Hashable, Sendable {
  /// Its name: "guided".
  var name: String { get }

  /// What it passes, in one line.
  var summary: String { get }

  /// The step back through an operator.
  ///
  /// Throws `invalidArgument` when the rule is not defined for such an operator.
  func step(through operation: any Operator) throws(GradCAMError) -> any BackwardStep
}

/// The rules that walks can follow.
public enum BackwardRules {
  /// Every rule.
  public static let all: [any BackwardRule] = [
    GradientRule(),
    GuidedRule(),
    DeconvolutionRule(),
  ]
}
