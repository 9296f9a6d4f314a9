import GradCAMPPKernels

@testable import GradCAMPPCore

enum TilingCases: OperatorCaseFile {
  static let operation: any Operator.Type = Tiling.self

  static let rows: [OperatorCase] = [
    tiling([2, 3], [4]), tiling([2, 3, 1, 5], [1, 6, 2]), tiling([1, 1, 4, 1], [3, 1, 2]),
    tiling([2, 1, 1, 19], [7, 5, 1]), tiling([1, 2, 3], [1, 1]),
    tiling([1, 1, 60, 1], [9, 1, 70]),
  ]

  private static func tiling(_ shape: [Int], _ repeats: [Int]) -> OperatorCase {
    OperatorCase(
      "\(Shape(shape)) repeated \(repeats) times", shape, Tiling(repeats)
    ) { input, shape in
      let extents = [shape[0]] + zip(repeats, shape.extents.dropFirst()).map { $0 * $1 }
      return everyIndex(extents).map { index in
        input[position(zip(index, shape.extents).map { $0 % $1 }, in: shape.extents)]
      }
    }
  }
}
