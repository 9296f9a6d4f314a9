import GradCAMPPKernels

/// Why some classes rather than others: the sum of their logits minus the sum of the others'.
public struct DifferenceTarget: Target {
  /// "difference".
  public static let name = "difference"

  /// What its score is.
  public static let summary = "logits minus other logits: what speaks for one rather than another"

  private let classes: [Int]
  private let others: [Int]

  /// Classes and others, one of each at least and none twice.
  public init(_ arguments: TargetArguments, _ output: OutputDescription) throws(GradCAMError) {
    classes = arguments.classes
    others = arguments.others
    let all = classes + others
    guard !classes.isEmpty, !others.isEmpty, arguments.weights.isEmpty, Set(all).count == all.count
    else {
      throw GradCAMError(
        .invalidArgument,
        "target \(Self.name.quoted) is for classes \(classes) and against \(others) with "
          + "\(arguments.weights.count) weights; expected classes on both sides, none twice, and "
          + "no weights")
    }
    try output.check(classes: all)
  }

  /// The first class that it is for.
  public var classIndex: Int? { classes[0] }

  /// `Σ z_k - Σ z_j`.
  public func score(_ output: NetworkOutput) -> Double {
    classes.reduce(0) { $0 + Double(output.numbers[$1]) }
      - others.reduce(0) { $0 + Double(output.numbers[$1]) }
  }

  /// 1 and -1.
  public func weights(_ output: NetworkOutput) -> OutputWeights {
    OutputWeights(
      classes.map { OutputWeights.Entry(element: $0, weight: 1) }
        + others.map { OutputWeights.Entry(element: $0, weight: -1) })
  }
}
