import GradCAMPPKernels

@testable import GradCAMPPCore

enum ReLUCases: OperatorCaseFile {
  static let operation: any Operator.Type = ReLU.self

  static let rows: [OperatorCase] = [[1, 7], [2, 3, 5, 9], [1, 130, 131, 1]].map { shape in
    OperatorCase(
      "ReLU \(Shape(shape))", shape, ReLU(), twin: { input, _ in input.map { max($0, 0) } })
  }
}
