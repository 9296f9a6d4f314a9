import Glibc
import GradCAMPPKernels

@testable import GradCAMPPCore

enum ArithmeticCases: OperatorCaseFile {
  static let operation: any Operator.Type = Arithmetic.self

  private static let functions: [ArithmeticFunction] = [
    .add, .subtract, .multiply, .divide, .minimum, .maximum, .power,
  ]

  /// Shapes that meet: alike, one number for a channel, a cell or a row, both spread, one axis.
  private static let shapes: [([Int], [Int])] = [
    ([2, 3, 5, 9], [2, 3, 5, 9]), ([2, 4, 5, 19], [2, 1, 1, 19]), ([2, 4, 3, 17], [2, 4, 3, 1]),
    ([2, 1, 6, 5], [2, 7, 1, 5]), ([1, 3, 2, 4, 9], [1, 1, 2, 1, 9]), ([3, 33], [3, 1]),
    ([1, 1, 1, 40], [1, 6, 5, 1]), ([1, 70, 61, 8], [1, 1, 1, 8]), ([1, 300, 131], [1, 300, 131]),
  ]

  private static let constants: [([Int], [Int])] = [
    ([2, 4, 5, 9], [5, 9]), ([2, 4, 5, 9], [1, 4, 1, 1]), ([3, 1, 5, 17], [7, 5, 1]),
    ([2, 40], []),
  ]

  static let rows: [OperatorCase] = functions.flatMap { function in
    shapes.flatMap { left, right in
      [row(function, [left, right]), row(function, [right, left])]
    }
      + constants.flatMap { input, constant in
        [true, false].map { row(function, input, constant, isLeft: $0) }
      }
  }

  private static func row(_ function: ArithmeticFunction, _ shapes: [[Int]]) -> OperatorCase {
    var row = OperatorCase("\(function) \(shapes)", shapes, Arithmetic(function)) {
      inputs, shapes in
      [combined(function, inputs[0], shapes[0].extents, inputs[1], shapes[1].extents)]
    }
    if [.divide, .power].contains(function) { row.domain = 0.5...2 }
    return row
  }

  private static func row(
    _ function: ArithmeticFunction, _ input: [Int], _ constant: [Int], isLeft: Bool
  ) -> OperatorCase {
    var random = RepeatableRandom(seed: 3)
    let count = constant.reduce(1, *)
    // Midway between two of the spaced inputs, so that no difference goes across a comparison.
    let cells = Float(input.reduce(1, *))
    let midway = random.floats(count).map { (($0 + 1) / 2 * cells).rounded() / cells * 2 - 1 }
    let numbers = midway.map { [.divide, .power].contains(function) ? 1.5 + $0 : $0 }
    guard let tensor = try? Tensor(Shape(constant), numbers) else {
      preconditionFailure("no memory for the test")
    }
    let values = numbers.map(Double.init)
    var row = OperatorCase(
      "\(function) \(input) with a constant \(constant), left \(isLeft)", input,
      Arithmetic(function, constant: tensor, isLeft: isLeft)
    ) { inputs, shape in
      isLeft
        ? combined(function, values, constant, inputs, shape.extents)
        : combined(function, inputs, shape.extents, values, constant)
    }
    if [.divide, .power].contains(function) { row.domain = 0.5...2 }
    return row
  }

  /// Each index of the result asks each operand for its own, counted from the innermost axis.
  private static func combined(
    _ function: ArithmeticFunction, _ left: [Double], _ leftExtents: [Int], _ right: [Double],
    _ rightExtents: [Int]
  ) -> [Double] {
    let rank = max(leftExtents.count, rightExtents.count)
    func lifted(_ extents: [Int]) -> [Int] {
      [Int](repeating: 1, count: rank - extents.count) + extents
    }
    let (lefts, rights) = (lifted(leftExtents), lifted(rightExtents))
    return everyIndex(zip(lefts, rights).map { max($0, $1) }).map { index in
      let a = left[position(zip(index, lefts).map { min($0, $1 - 1) }, in: lefts)]
      let b = right[position(zip(index, rights).map { min($0, $1 - 1) }, in: rights)]
      return switch function {
      case .add: a + b
      case .subtract: a - b
      case .multiply: a * b
      case .divide: a / b
      case .minimum: min(a, b)
      case .maximum: max(a, b)
      case .power: pow(a, b)
      }
    }
  }
}
