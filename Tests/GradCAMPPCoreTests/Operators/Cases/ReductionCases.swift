import GradCAMPPKernels

@testable import GradCAMPPCore

enum ReductionCases: OperatorCaseFile {
  static let operation: any Operator.Type = Reduction.self

  private static let functions: [ReductionFunction] = [
    .sum, .mean, .maximum, .minimum, .product, .absoluteSum, .euclideanNorm,
  ]

  private static let shapes: [([Int], Range<Int>)] = [
    ([2, 3, 5, 9], 1..<3), ([2, 7, 4, 37], 3..<4), ([3, 6], 1..<2), ([1, 3, 4, 20], 2..<3),
    ([1, 30, 60, 70], 2..<4), ([2, 50, 40, 33], 1..<2),
  ]

  static let rows: [OperatorCase] = functions.flatMap { function in
    // And one of thousands is nothing in any case.
    shapes.filter { function != .product || $0.0 != [1, 30, 60, 70] }.map { shape, axes in
      var row = OperatorCase(
        "\(function) of \(Shape(shape)) over \(axes)", shape, Reduction(function, axes: axes),
        twin: { reduced(function, $0, $1, axes) })
      // A product of many numbers below 1 is nothing.
      if function == .product { row.domain = 0.6...1.3 }
      return row
    }
  }

  private static func reduced(
    _ function: ReductionFunction, _ input: [Double], _ shape: Shape, _ axes: Range<Int>
  ) -> [Double] {
    let kept = shape.extents.indices.map { axes.contains($0) ? 1 : shape[$0] }
    var members = [[Double]](repeating: [], count: kept.reduce(1, *))
    for (index, number) in zip(everyIndex(shape.extents), input) {
      members[position(zip(index, kept).map { min($0, $1 - 1) }, in: kept)].append(number)
    }
    return members.map { numbers in
      switch function {
      case .sum: numbers.reduce(0, +)
      case .mean: numbers.reduce(0, +) / Double(numbers.count)
      case .maximum: numbers.max() ?? 0
      case .minimum: numbers.min() ?? 0
      case .product: numbers.reduce(1, *)
      case .absoluteSum: numbers.reduce(0) { $0 + abs($1) }
      case .euclideanNorm: numbers.reduce(0) { $0 + $1 * $1 }.squareRoot()
      }
    }
  }
}
