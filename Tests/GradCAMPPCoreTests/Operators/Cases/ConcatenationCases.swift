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
    concatenation([[2, 3, 5], [2, 3, 4]], axis: 2, constant: [3, 2], place: 1),
    concatenation([[3, 4, 7]], axis: 1, constant: [1, 7], place: 0),
    concatenation([[2, 2, 3, 1]], axis: 3, constant: [2, 3, 5], place: 1),
  ]

  /// With a constant, the same for each item of the batch.
  private static func concatenation(
    _ shapes: [[Int]], axis: Int, constant: [Int], place: Int
  ) -> OperatorCase {
    var random = RepeatableRandom(seed: 6)
    let numbers = random.floats(constant.reduce(1, *))
    guard let tensor = try? Tensor(Shape(constant), numbers) else {
      preconditionFailure("no memory for the test")
    }
    return OperatorCase(
      "concatenation of \(shapes) along \(axis) with \(constant) at \(place)", shapes,
      Concatenation(axis: axis, constants: [place: tensor])
    ) { inputs, shapes in
      var (values, all) = (inputs, shapes)
      let copies = (0..<shapes[0][0]).flatMap { _ in numbers.map(Double.init) }
      values.insert(copies, at: place)
      all.insert(Shape([shapes[0][0]] + constant), at: place)
      return [joined(values, all, axis)]
    }
  }

  private static func concatenation(_ shapes: [[Int]], axis: Int) -> OperatorCase {
    OperatorCase(
      "concatenation of \(shapes) along \(axis)", shapes, Concatenation(axis: axis)
    ) { inputs, shapes in
      [joined(inputs, shapes, axis)]
    }
  }

  private static func joined(_ inputs: [[Double]], _ shapes: [Shape], _ axis: Int) -> [Double] {
    var extents = shapes[0].extents
    extents[axis] = shapes.reduce(0) { $0 + $1[axis] }
    return everyIndex(extents).map { index in
      // Which input the index along the axis falls into.
      var (place, own) = (0, index)
      while own[axis] >= shapes[place][axis] {
        own[axis] -= shapes[place][axis]
        place += 1
      }
      return inputs[place][position(own, in: shapes[place].extents)]
    }
  }
}
