import GradCAMPPKernels

/// Comparisons of pairs of numbers, of inputs that are spread over each other: 1 for yes.
struct ComparisonEvaluation: ConstantEvaluation {
  let operation: String
  private let floats: @Sendable (Float, Float) -> Bool
  private let integers: @Sendable (Int, Int) -> Bool

  private init(
    _ operation: String, _ floats: @escaping @Sendable (Float, Float) -> Bool,
    _ integers: @escaping @Sendable (Int, Int) -> Bool
  ) {
    self.operation = operation
    self.floats = floats
    self.integers = integers
  }

  /// Every one.
  static let all: [any ConstantEvaluation] = [
    ComparisonEvaluation("Equal", { $0 == $1 }, { $0 == $1 }),
    ComparisonEvaluation("Greater", { $0 > $1 }, { $0 > $1 }),
    ComparisonEvaluation("GreaterOrEqual", { $0 >= $1 }, { $0 >= $1 }),
    ComparisonEvaluation("Less", { $0 < $1 }, { $0 < $1 }),
    ComparisonEvaluation("LessOrEqual", { $0 <= $1 }, { $0 <= $1 }),
  ]

  func results(_ node: GraphNode, _ inputs: KnownInputs) throws(GradCAMError) -> [KnownTensor] {
    let (left, right) = (try inputs.tensor(0, of: node), try inputs.tensor(1, of: node))
    guard let extents = BroadcastAxes.extents(left.shape, right.shape) else {
      throw node.error("compares tensors of shapes \(left.shape) and \(right.shape)")
    }
    let shape = try node.knownShape(extents)
    let lefts = left.picked(KnownTensor.spreadPlaces(left.shape, over: shape), shape)
    let rights = right.picked(KnownTensor.spreadPlaces(right.shape, over: shape), shape)
    var answers: [Bool]
    if let first = lefts.integers, let second = rights.integers {
      answers = zip(first, second).map(integers)
    } else {
      answers = zip(lefts.floats, rights.floats).map(floats)
    }
    return [KnownTensor(shape, .integers(answers.map { $0 ? 1 : 0 }))]
  }
}
