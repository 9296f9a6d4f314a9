import GradCAMPPKernels

/// Any weighted sum of the output.
public struct OutputTarget: Target {
  /// "output".
  public static let name = "output"

  /// What its score is.
  public static let summary = "the output's elements, each times a weight of yours, added up"

  private let weightsOfElements: [Float]

  /// One finite weight for each element, not all 0.
  public init(_ arguments: TargetArguments, _ output: OutputDescription) throws(GradCAMError) {
    weightsOfElements = arguments.weights
    guard arguments.classes.isEmpty, arguments.others.isEmpty,
      weightsOfElements.count == output.shape.count
    else {
      throw GradCAMError(
        .invalidArgument,
        "target \(Self.name.quoted) has \(arguments.weights.count) weights and "
          + "\(arguments.classes.count + arguments.others.count) classes; expected "
          + "\(output.shape.count) weights, one for each element of the output, and no class")
    }
    guard weightsOfElements.allSatisfy(\.isFinite), weightsOfElements.contains(where: { $0 != 0 })
    else {
      throw GradCAMError(
        .invalidArgument,
        "the weights of target \(Self.name.quoted) hold NaN or infinity, or are all 0; finite "
          + "numbers are expected")
    }
  }

  /// None.
  public var classIndex: Int? { nil }

  /// `Σ w y`.
  public func score(_ output: NetworkOutput) -> Double {
    zip(weightsOfElements, output.numbers).reduce(0) { $0 + Double($1.0) * Double($1.1) }
  }

  /// `w`.
  public func weights(_ output: NetworkOutput) -> OutputWeights {
    OutputWeights(all: weightsOfElements)
  }
}
