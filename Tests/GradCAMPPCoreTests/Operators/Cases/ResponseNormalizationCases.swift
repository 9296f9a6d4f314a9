import Glibc
import GradCAMPPKernels

@testable import GradCAMPPCore

enum ResponseNormalizationCases: OperatorCaseFile {
  static let operation: any Operator.Type = ResponseNormalization.self

  static let rows: [OperatorCase] = [
    normalization([1, 3, 4, 7], size: 5, alpha: 2, beta: 0.75, bias: 1),
    normalization([2, 3, 2, 5], size: 4, alpha: 1, beta: 0.5, bias: 2),
    normalization([2, 7, 9], size: 9, alpha: 3, beta: 1.5, bias: 0.5),
    normalization([1, 2, 2, 2, 6], size: 1, alpha: 1, beta: 1, bias: 1),
    normalization([2, 35], size: 3, alpha: 0.5, beta: 2, bias: 1),
    normalization([1, 2, 3, 70], size: 5, alpha: 4, beta: 0.75, bias: 2),
    normalization([1, 23, 19, 24], size: 2, alpha: 2, beta: 0.75, bias: 1),
  ]

  private static func normalization(
    _ input: [Int], size: Int, alpha: Double, beta: Double, bias: Double
  ) -> OperatorCase {
    OperatorCase(
      "normalisation of \(Shape(input)) over \(size) channels, alpha \(alpha), beta \(beta), bias "
        + "\(bias)",
      input,
      ResponseNormalization(
        size: size, alpha: Float(alpha), beta: Float(beta), bias: Float(bias))
    ) { values, shape in
      let channels = shape.channels
      return zip(everyIndex(shape.extents), values).map { index, value in
        let channel = index[index.count - 1]
        let first = channel - Int((Double(size - 1) / 2).rounded(.down))
        let last = channel + Int((Double(size - 1) / 2).rounded(.up))
        let sum = (max(0, first)...min(channels - 1, last)).reduce(0.0) { sum, other in
          let number = values[position(Array(index.dropLast()) + [other], in: shape.extents)]
          return sum + number * number
        }
        return value / pow(bias + alpha / Double(size) * sum, beta)
      }
    }
  }
}
