import GradCAMPPKernels

@testable import GradCAMPPCore

enum FlattenCases: OperatorCaseFile {
  static let operation: any Operator.Type = Flatten.self

  static let rows: [OperatorCase] = [[1, 7], [3, 2, 5, 4], [2, 3, 2, 2, 5]].map { shape in
    OperatorCase("flatten \(Shape(shape))", shape, Flatten(), twin: { input, _ in input })
  }
}
