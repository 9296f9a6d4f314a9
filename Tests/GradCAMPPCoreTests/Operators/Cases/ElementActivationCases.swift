import GradCAMPPKernels

@testable import GradCAMPPCore

enum ElementActivationCases: OperatorCaseFile {
  static let operation: any Operator.Type = ElementActivation.self

  static let rows: [OperatorCase] = ElementFunction.examples.flatMap { function in
    // Points that finite differences are taken at do not lie on the edges of any function.
    [[2, 3, 5, 9], [1, 130, 131, 1]].map { (shape: [Int]) in
      var row = OperatorCase(
        "\(function) \(Shape(shape))", shape, ElementActivation(function),
        twin: { input, _ in input.map { function.slow($0) } })
      row.domain = function.domain
      return row
    }
  }
}
