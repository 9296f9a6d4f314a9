import GradCAMPPKernels

@testable import GradCAMPPCore

enum AdditionCases: OperatorCaseFile {
  static let operation: any Operator.Type = Addition.self

  static let rows: [OperatorCase] = [([1, 7], 2), ([2, 3, 5, 9], 3), ([1, 90, 131, 3], 2)].map {
    shape, count in
    OperatorCase(
      "addition of \(count) of \(Shape(shape))", [[Int]](repeating: shape, count: count),
      Addition()
    ) { inputs, _ in
      [inputs[0].indices.map { index in inputs.reduce(0) { $0 + $1[index] } }]
    }
  }
}
