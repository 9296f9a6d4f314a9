import GradCAMPPKernels

/// What is explained: a score of the network's output.
///
/// A map shows the evidence for that score, so a walk back begins with its derivative by the
/// output: weights over the output's elements. A target is one file in `Targets` and one line in
/// `Targets.all`.
public protocol Target: Sendable {
  /// The name that it is asked for by: "logit".
  static var name: String { get }

  /// What its score is, in one line.
  static var summary: String { get }

  /// The target of these arguments for networks with such an output.
  ///
  /// Throws `classIndex` for a class that does not exist, `invalidArgument` for other arguments
  /// that do not fit.
  init(_ arguments: TargetArguments, _ output: OutputDescription) throws(GradCAMError)

  /// The class that the target is about; nil when it is about something else.
  var classIndex: Int? { get }

  /// The score.
  func score(_ output: NetworkOutput) -> Double

  /// The derivative of the score by the output.
  func weights(_ output: NetworkOutput) -> OutputWeights
}

/// What a target is made of; each kind uses some of it.
public struct TargetArguments: Sendable, Equatable {
  /// Classes that the target is for.
  public var classes: [Int]
  /// Classes that it is against.
  public var others: [Int]
  /// Numbers, such as weights over the output or over its cells.
  public var weights: [Float]

  /// Arguments.
  public init(classes: [Int] = [], others: [Int] = [], weights: [Float] = []) {
    self.classes = classes
    self.others = others
    self.weights = weights
  }

  /// The only class; throws `invalidArgument` when there is anything else.
  func oneClass(for target: String) throws(GradCAMError) -> Int {
    guard classes.count == 1, others.isEmpty, weights.isEmpty else {
      throw GradCAMError(
        .invalidArgument,
        "target \(target.quoted) has \(classes.count) classes, \(others.count) others and "
          + "\(weights.count) weights; expected one class and nothing else")
    }
    return classes[0]
  }
}

/// The kinds of targets that can be asked for by name.
public enum Targets {
  /// Every kind, the default first.
  public static let all: [any Target.Type] = [
    LogitTarget.self,
    NotTarget.self,
    DifferenceTarget.self,
    ProbabilityTarget.self,
    OutputTarget.self,
    MaskTarget.self,
  ]

  /// The target of that name; throws `invalidArgument` with the known names.
  public static func named(
    _ name: String, _ arguments: TargetArguments, _ output: OutputDescription
  ) throws(GradCAMError) -> any Target {
    for kind in all where kind.name == name { return try kind.init(arguments, output) }
    throw GradCAMError(
      .invalidArgument,
      "target \(name.quoted) is unknown; known targets: "
        + all.map { $0.name }.joined(separator: ", "))
  }
}
