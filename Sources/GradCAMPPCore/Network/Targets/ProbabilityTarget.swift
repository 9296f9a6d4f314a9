import GradCAMPPKernels

/// The probability of one class, with its exact derivative by all logits.
public struct ProbabilityTarget: Target {
  /// "probability".
  public static let name = "probability"

  /// What its score is.
  public static let summary = "a class's probability: what speaks for the class and against others"

  private let index: Int

  /// One class.
  public init(_ arguments: TargetArguments, _ output: OutputDescription) throws(GradCAMError) {
    index = try arguments.oneClass(for: Self.name)
    try output.check(classes: [index])
  }

  /// The class.
  public var classIndex: Int? { index }

  /// `p_k`.
  public func score(_ output: NetworkOutput) -> Double {
    output.predictions?.probability(index) ?? 0
  }

  /// `∂p_k/∂z`; see `Predictions.probabilityDerivative`.
  public func weights(_ output: NetworkOutput) -> OutputWeights {
    OutputWeights(
      all: (output.predictions?.probabilityDerivative(index) ?? []).map { Float($0) })
  }
}
