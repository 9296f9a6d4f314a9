import GradCAMPPKernels

@testable import GradCAMPPCore

enum TranspositionCases: OperatorCaseFile {
  static let operation: any Operator.Type = Transposition.self

  static let rows: [OperatorCase] = [
    transposition([2, 5, 7], [0, 2, 1]), transposition([2, 3, 5, 9], [0, 3, 1, 2]),
    transposition([1, 4, 3, 7], [0, 2, 1, 3]), transposition([3, 17, 33, 2], [0, 3, 2, 1]),
    transposition([1, 2, 3, 4, 5, 2], [0, 1, 3, 2, 5, 4]), transposition([2, 1, 6], [0, 2, 1]),
    transposition([1, 197, 12, 16], [0, 2, 1, 3]), transposition([2, 130, 150], [0, 2, 1]),
    transposition([1, 2, 2, 2, 2, 2, 2, 2, 2], [0, 8, 7, 6, 5, 4, 3, 2, 1]),
    transposition([4], [0]),
  ]

  private static func transposition(_ shape: [Int], _ permutation: [Int]) -> OperatorCase {
    OperatorCase(
      "transposition of \(Shape(shape)) to \(permutation)", shape, Transposition(permutation)
    ) { input, shape in
      everyIndex(permutation.map { shape[$0] }).map { index in
        var source = index
        for (place, axis) in permutation.enumerated() { source[axis] = index[place] }
        return input[position(source, in: shape.extents)]
      }
    }
  }
}
