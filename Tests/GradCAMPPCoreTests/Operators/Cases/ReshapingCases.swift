import GradCAMPPKernels

@testable import GradCAMPPCore

enum ReshapingCases: OperatorCaseFile {
  static let operation: any Operator.Type = Reshaping.self

  static let rows: [OperatorCase] = [
    ([1, 7], [7, 1]), ([3, 2, 5, 4], [10, 4]), ([2, 3, 2, 2, 5], [60]), ([2, 1], []),
  ].map { (shape: [Int], wanted: [Int]) in
    OperatorCase(
      "reshape \(Shape(shape)) to \(wanted)", shape, Reshaping(to: Shape(wanted)),
      twin: { input, _ in input })
  }
}
