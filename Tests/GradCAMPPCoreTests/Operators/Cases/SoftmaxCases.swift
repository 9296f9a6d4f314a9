import Glibc
import GradCAMPPKernels

@testable import GradCAMPPCore

enum SoftmaxCases: OperatorCaseFile {
  static let operation: any Operator.Type = Softmax.self

  private static let shapes: [([Int], Range<Int>)] = [
    ([2, 3, 7, 9], 3..<4), ([3, 49], 1..<2), ([1, 5, 20], 1..<2), ([2, 3, 4, 5], 2..<4),
    ([1, 12, 90, 97], 3..<4), ([1, 7, 60, 83], 1..<2),
  ]

  static let rows: [OperatorCase] = [false, true].flatMap { isLogarithmic in
    shapes.map { shape, axes in
      var row = OperatorCase(
        "softmax of \(Shape(shape)) over \(axes), logarithm \(isLogarithmic)", shape,
        Softmax(axes: axes, isLogarithmic: isLogarithmic)
      ) { input, shape in
        let kept = shape.extents.indices.map { axes.contains($0) ? 1 : shape[$0] }
        func place(_ index: [Int]) -> Int {
          position(zip(index, kept).map { min($0, $1 - 1) }, in: kept)
        }
        let indices = everyIndex(shape.extents)
        var sums = [Double](repeating: 0, count: kept.reduce(1, *))
        for (index, number) in zip(indices, input) { sums[place(index)] += exp(number) }
        return zip(indices, input).map { index, number in
          let sum = sums[place(index)]
          return isLogarithmic ? number - log(sum) : exp(number) / sum
        }
      }
      row.domain = -3...4
      return row
    }
  }
}
