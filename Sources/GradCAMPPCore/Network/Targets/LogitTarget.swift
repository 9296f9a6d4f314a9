import GradCAMPPKernels

/// The logit of one class.
public struct LogitTarget: Target {
  /// "logit".
  public static let name = "logit"

  /// What its score is.
  public static let summary = "a class's logit: what speaks for the class"

  private let index: Int

  /// The logit of class `index`, which exists.
  public init(_ index: Int) { self.index = index }

  /// One class.
  public init(_ arguments: TargetArguments, _ output: OutputDescription) throws(GradCAMError) {
    index = try arguments.oneClass(for: Self.name)
    try output.check(classes: [index])
  }

  /// The class.
  public var classIndex: Int? { index }

  /// `z_k`.
  public func score(_ output: NetworkOutput) -> Double { Double(output.numbers[index]) }

  /// 1 at the class.
  public func weights(_ output: NetworkOutput) -> OutputWeights { OutputWeights(element: index) }
}
