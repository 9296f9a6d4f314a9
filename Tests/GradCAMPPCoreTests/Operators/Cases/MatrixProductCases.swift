import GradCAMPPKernels

@testable import GradCAMPPCore

enum MatrixProductCases: OperatorCaseFile {
  static let operation: any Operator.Type = MatrixProduct.self

  static let rows: [OperatorCase] = [
    product([2, 5, 7], [2, 7, 3]), product([1, 3, 4, 6], [1, 3, 6, 9]),
    product([2, 1, 3, 5], [2, 4, 5, 2]), product([1, 3, 1, 2, 4], [1, 1, 2, 4, 3]),
    product([1, 33, 40], [1, 40, 37]), product([1, 1, 1], [1, 1, 1]),
    product([1, 2, 100, 400], [1, 2, 400, 70]), product([1, 9, 31, 16], [1, 9, 16, 31]),
    product([2, 5, 7], constant: [7, 3], isLeft: false),
    product([2, 7, 5], constant: [3, 7], isLeft: true),
    product([1, 2, 3, 5], constant: [2, 5, 4], isLeft: false),
    product([2, 1, 5, 3], constant: [4, 2, 5], isLeft: true),
  ]

  private static func product(_ left: [Int], _ right: [Int]) -> OperatorCase {
    OperatorCase(
      "product of \(Shape(left)) and \(Shape(right))", [left, right], MatrixProduct()
    ) { inputs, shapes in
      [multiplied(inputs[0], shapes[0].extents, inputs[1], shapes[1].extents)]
    }
  }

  private static func product(_ input: [Int], constant: [Int], isLeft: Bool) -> OperatorCase {
    var random = RepeatableRandom(seed: 4)
    let numbers = random.floats(constant.reduce(1, *))
    guard let tensor = try? Tensor(Shape(constant), numbers) else {
      preconditionFailure("no memory for the test")
    }
    let given = [Int](repeating: 1, count: input.count - constant.count) + constant
    let values = numbers.map(Double.init)
    return OperatorCase(
      "product of \(Shape(input)) with a constant \(Shape(constant)), left \(isLeft)", input,
      MatrixProduct(constant: tensor, isLeft: isLeft)
    ) { inputs, shape in
      isLeft
        ? multiplied(values, given, inputs, shape.extents)
        : multiplied(inputs, shape.extents, values, given)
    }
  }

  /// Each element of the result asks for its row and column.
  private static func multiplied(
    _ left: [Double], _ lefts: [Int], _ right: [Double], _ rights: [Int]
  ) -> [Double] {
    let rank = lefts.count
    let batch = zip(lefts, rights).prefix(rank - 2).map { max($0, $1) }
    return everyIndex(batch + [lefts[rank - 2], rights[rank - 1]]).map { index in
      let (row, column) = (index[rank - 2], index[rank - 1])
      let places = index.dropLast(2)
      let one = zip(places, lefts).map { min($0, $1 - 1) }
      let other = zip(places, rights).map { min($0, $1 - 1) }
      return (0..<lefts[rank - 1]).reduce(0.0) { sum, term in
        sum + left[position(one + [row, term], in: lefts)]
          * right[position(other + [term, column], in: rights)]
      }
    }
  }
}
