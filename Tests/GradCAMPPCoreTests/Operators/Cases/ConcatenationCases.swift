import GradCAMPPKernels

@testable import GradCAMPPCore

enum ConcatenationCases: OperatorCaseFile {
  static let operation: any Operator.Type = Concatenation.self

  static let rows: [OperatorCase] = [
    concatenation([[1, 7], [1, 3]], axis: 1),
    concatenation([[2, 3, 5, 9], [2, 3, 5, 1], [2, 3, 5, 4]], axis: 3),
    concatenation([[2, 3, 5, 9], [2, 1, 5, 9]], axis: 1),
    concatenation([[2, 3, 2, 9], [2, 3, 4, 9]], axis: 2),
    concatenation([[1, 70, 131, 2], [1, 70, 131, 3]], axis: 3),
  ]

  private static func concatenation(_ shapes: [[Int]], axis: Int) -> OperatorCase {
    OperatorCase(
      "concatenation of \(shapes) along \(axis)", shapes, Concatenation(axis: axis)
    ) { inputs, shapes in
      var extents = shapes[0].extents
      extents[axis] = shapes.reduce(0) { $0 + $1[axis] }
      return [
        everyIndex(extents).map { index in
          // Which input the index along the axis falls into.
          var (place, own) = (0, index)
          while own[axis] >= shapes[place][axis] {
            own[axis] -= shapes[place][axis]
            place += 1
          }
          return inputs[place][position(own, in: shapes[place].extents)]
        }
      ]
    }
  }
}
