import Glibc
import GradCAMPPKernels

/// Operations on pairs of numbers, of inputs that are spread over each other; several inputs are
/// taken one after the other.
///
/// Whole numbers stay whole: quotients are cut off towards 0, as ONNX Runtime does it, and what
/// does not fit 64 bits wraps.
struct ArithmeticEvaluation: ConstantEvaluation {
  let operation: String
  var attributes: Set<String> = []
  private let floats: @Sendable (Float, Float) -> Float
  /// Nil where there is no result.
  private let integers: @Sendable (Int, Int) -> Int?
  private let checks: @Sendable (GraphNode) throws(GradCAMError) -> Void

  private init(
    _ operation: String, attributes: Set<String> = [],
    _ floats: @escaping @Sendable (Float, Float) -> Float,
    _ integers: @escaping @Sendable (Int, Int) -> Int?,
    checks: @escaping @Sendable (GraphNode) throws(GradCAMError) -> Void = { _ in }
  ) {
    self.operation = operation
    self.attributes = attributes
    self.floats = floats
    self.integers = integers
    self.checks = checks
  }

  /// Every one.
  static let all: [any ConstantEvaluation] = [
    ArithmeticEvaluation("Add", { $0 + $1 }, { $0 &+ $1 }),
    ArithmeticEvaluation("Sub", { $0 - $1 }, { $0 &- $1 }),
    ArithmeticEvaluation("Mul", { $0 * $1 }, { $0 &* $1 }),
    ArithmeticEvaluation(
      "Div", { $0 / $1 }, { $1 == 0 ? nil : $0.dividedReportingOverflow(by: $1).0 }),
    ArithmeticEvaluation("Max", { $0.isNaN || $0 > $1 ? $0 : $1 }, { max($0, $1) }),
    ArithmeticEvaluation("Min", { $0.isNaN || $0 < $1 ? $0 : $1 }, { min($0, $1) }),
    ArithmeticEvaluation("Sum", { $0 + $1 }, { $0 &+ $1 }),
    ArithmeticEvaluation("Pow", { powf($0, $1) }, { power($0, $1) }),
    // The sign of the divisor, as Python has it.
    ArithmeticEvaluation(
      "Mod", attributes: ["fmod"], { $0 - $1 * ($0 / $1).rounded(.down) },
      { left, right in
        guard right != 0 else { return nil }
        let rest = left.remainderReportingOverflow(dividingBy: right).partialValue
        return rest != 0 && (rest < 0) != (right < 0) ? rest + right : rest
      },
      checks: { node throws(GradCAMError) in try node.require("fmod", 0) }),
  ]

  func results(_ node: GraphNode, _ inputs: KnownInputs) throws(GradCAMError) -> [KnownTensor] {
    try checks(node)
    var result = try inputs.tensor(0, of: node)
    for place in node.inputs.indices.dropFirst() {
      result = try combined(result, inputs.tensor(place, of: node), node)
    }
    return [result]
  }

  private func combined(
    _ left: KnownTensor, _ right: KnownTensor, _ node: GraphNode
  ) throws(GradCAMError) -> KnownTensor {
    guard let extents = BroadcastAxes.extents(left.shape, right.shape) else {
      throw node.error("combines tensors of shapes \(left.shape) and \(right.shape)")
    }
    let shape = try node.knownShape(extents)
    let (lefts, rights) = (spread(left, shape), spread(right, shape))
    guard let first = lefts.integers, let second = rights.integers else {
      return KnownTensor(shape, .floats(zip(lefts.floats, rights.floats).map(floats)))
    }
    let numbers = zip(first, second).compactMap(integers)
    guard numbers.count == shape.count else {
      throw node.error("has no whole result for the numbers that it is given")
    }
    return KnownTensor(shape, .integers(numbers))
  }

  private func spread(_ tensor: KnownTensor, _ shape: Shape) -> KnownTensor {
    tensor.shape == shape
      ? tensor : tensor.picked(KnownTensor.spreadPlaces(tensor.shape, over: shape), shape)
  }

  /// A whole power; nil for a fraction.
  private static func power(_ base: Int, _ exponent: Int) -> Int? {
    guard (0...64).contains(exponent) else {
      return [0, 1].contains(base) && exponent > 0 ? base : nil
    }
    return (0..<exponent).reduce(1) { product, _ in product &* base }
  }
}
