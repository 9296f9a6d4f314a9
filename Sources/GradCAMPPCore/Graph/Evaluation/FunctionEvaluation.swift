import Glibc
import GradCAMPPKernels

/// Functions of single numbers.
struct FunctionEvaluation: ConstantEvaluation {
  let operation: String
  private let floats: @Sendable (Float) -> Float
  /// Nil for a function that leaves whole numbers as they are, or has fractions for results.
  private let integers: (@Sendable (Int) -> Int)?

  private init(
    _ operation: String, _ floats: @escaping @Sendable (Float) -> Float,
    _ integers: (@Sendable (Int) -> Int)? = nil
  ) {
    self.operation = operation
    self.floats = floats
    self.integers = integers
  }

  /// Every one.
  static let all: [any ConstantEvaluation] = [
    FunctionEvaluation("Abs", { abs($0) }, { $0 < 0 ? 0 &- $0 : $0 }),
    FunctionEvaluation("Ceil", { $0.rounded(.up) }),
    FunctionEvaluation("Exp", { expf($0) }),
    FunctionEvaluation("Floor", { $0.rounded(.down) }),
    FunctionEvaluation("Log", { logf($0) }),
    FunctionEvaluation("Neg", { -$0 }, { 0 &- $0 }),
    FunctionEvaluation("Reciprocal", { 1 / $0 }),
    FunctionEvaluation("Relu", { max($0, 0) }, { max($0, 0) }),
    FunctionEvaluation("Round", { $0.rounded(.toNearestOrEven) }),
    FunctionEvaluation("Sigmoid", { 1 / (1 + expf(-$0)) }),
    FunctionEvaluation("Sign", { $0 > 0 ? 1 : $0 < 0 ? -1 : $0 }, { $0.signum() }),
    FunctionEvaluation("Softplus", { max($0, 0) + log1pf(expf(-abs($0))) }),
    FunctionEvaluation("Sqrt", { $0.squareRoot() }),
    FunctionEvaluation("Tanh", { tanhf($0) }),
  ]

  func results(_ node: GraphNode, _ inputs: KnownInputs) throws(GradCAMError) -> [KnownTensor] {
    let tensor = try inputs.tensor(0, of: node)
    if let values = tensor.integers, let integers {
      return [KnownTensor(tensor.shape, .integers(values.map(integers)))]
    }
    return [KnownTensor(tensor.shape, .floats(tensor.floats.map(floats)))]
  }
}
