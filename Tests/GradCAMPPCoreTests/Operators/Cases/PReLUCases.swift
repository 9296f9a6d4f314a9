import GradCAMPPKernels

@testable import GradCAMPPCore

enum PReLUCases: OperatorCaseFile {
  static let operation: any Operator.Type = PReLU.self

  static let rows: [OperatorCase] = [[1, 7], [2, 3, 5, 19], [2, 5, 16], [1, 70, 131, 3]].map {
    (shape: [Int]) in
    var random = RepeatableRandom(seed: UInt64(shape.count))
    let slopes = random.floats(shape[shape.count - 1])
    return OperatorCase("PReLU \(Shape(shape))", shape, PReLU(slopes: slopes)) { input, _ in
      input.indices.map { index in
        input[index] > 0 ? input[index] : input[index] * Double(slopes[index % slopes.count])
      }
    }
  }
}
