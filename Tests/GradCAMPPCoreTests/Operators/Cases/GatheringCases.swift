import GradCAMPPKernels

@testable import GradCAMPPCore

enum GatheringCases: OperatorCaseFile {
  static let operation: any Operator.Type = Gathering.self

  static let rows: [OperatorCase] = [
    gathering([2, 5], axis: 1, [4, 0, 0, 2]), gathering([2, 3, 7, 5], axis: 2, [6, 1, 6, 3, 3]),
    gathering([1, 4, 9], axis: 1, [2]), gathering([1, 6, 5, 1100], axis: 1, [5, 5, 0]),
    gathering([2, 3, 19], axis: 2, [18, 0, 7]),
  ]

  private static func gathering(_ shape: [Int], axis: Int, _ indices: [Int]) -> OperatorCase {
    OperatorCase(
      "places \(indices) of axis \(axis) of \(Shape(shape))", shape,
      Gathering(axis: axis, indices: indices)
    ) { input, shape in
      var extents = shape.extents
      extents[axis] = indices.count
      return everyIndex(extents).map { index in
        var source = index
        source[axis] = indices[index[axis]]
        return input[position(source, in: shape.extents)]
      }
    }
  }
}
