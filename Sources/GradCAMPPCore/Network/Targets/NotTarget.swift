import GradCAMPPKernels

/// What speaks against a class: its logit with the other sign.
///
/// Counterfactual explanations (Selvaraju et al. 2017, section 3.3). For a network with a single
/// sigmoid unit it is what the unit says no to.
public struct NotTarget: Target {
  /// "not".
  public static let name = "not"

  /// What its score is.
  public static let summary = "a class's logit times -1: what speaks against the class"

  private let index: Int

  /// Against class `index`, which exists.
  public init(_ index: Int) { self.index = index }

  /// One class.
  public init(_ arguments: TargetArguments, _ output: OutputDescription) throws(GradCAMError) {
    index = try arguments.oneClass(for: Self.name)
    try output.check(classes: [index])
  }

  /// The class.
  public var classIndex: Int? { index }

  /// `-z_k`.
  public func score(_ output: NetworkOutput) -> Double { -Double(output.numbers[index]) }

  /// -1 at the class.
  public func weights(_ output: NetworkOutput) -> OutputWeights {
    OutputWeights([OutputWeights.Entry(element: index, weight: -1)])
  }
}
