import GradCAMPPKernels

@testable import GradCAMPPCore

enum SlicingCases: OperatorCaseFile {
  static let operation: any Operator.Type = Slicing.self

  static let rows: [OperatorCase] = [
    slice([2, 9], [.init(start: 2, count: 4)]),
    slice([1, 9, 5], [.init(start: 8, count: 3, step: -4), .init(start: 0, count: 5)]),
    slice(
      [2, 5, 7, 3],
      [
        .init(start: 1, count: 3), .init(start: 0, count: 4, step: 2),
        .init(start: 2, count: 3, step: -1),
      ]),
    slice([1, 197, 40], [.init(start: 0, count: 1), .init(start: 0, count: 40)]),
    slice(
      [1, 3, 120, 130],
      [
        .init(start: 2, count: 1), .init(start: 3, count: 117),
        .init(start: 129, count: 130, step: -1),
      ]),
    slice([3, 4], [.init(start: 0, count: 4)]),
  ]

  private static func slice(_ shape: [Int], _ places: [Slicing.Places]) -> OperatorCase {
    OperatorCase(
      "slice \(places.map { "\($0.start)/\($0.count)/\($0.step)" }) of \(Shape(shape))", shape,
      Slicing(places)
    ) { input, shape in
      everyIndex([shape[0]] + places.map(\.count)).map { index in
        let chosen = zip(index.dropFirst(), places).map { $1.start + $0 * $1.step }
        return input[position([index[0]] + chosen, in: shape.extents)]
      }
    }
  }
}
