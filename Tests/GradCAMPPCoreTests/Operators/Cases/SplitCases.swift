import GradCAMPPKernels

@testable import GradCAMPPCore

enum SplitCases: OperatorCaseFile {
  static let operation: any Operator.Type = Split.self

  static let rows: [OperatorCase] = [
    split([1, 10], axis: 1, into: [7, 3]),
    split([2, 3, 5, 14], axis: 3, into: [9, 1, 4]),
    split([2, 4, 5, 9], axis: 1, into: [3, 1]),
    split([1, 70, 131, 5], axis: 3, into: [2, 3]),
    split([1, 3, 3, 2], axis: 2, into: [3]),
  ]

  private static func split(_ shape: [Int], axis: Int, into counts: [Int]) -> OperatorCase {
    OperatorCase(
      "split of \(Shape(shape)) along \(axis) into \(counts)", [shape],
      Split(axis: axis, counts: counts)
    ) { inputs, shapes in
      counts.indices.map { place in
        var extents = shapes[0].extents
        extents[axis] = counts[place]
        return everyIndex(extents).map { index in
          var whole = index
          whole[axis] += counts[..<place].reduce(0, +)
          return inputs[0][position(whole, in: shapes[0].extents)]
        }
      }
    }
  }
}
