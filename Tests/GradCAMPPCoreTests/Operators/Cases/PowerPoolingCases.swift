import Glibc
import GradCAMPPKernels

@testable import GradCAMPPCore

enum PowerPoolingCases: OperatorCaseFile {
  static let operation: any Operator.Type = PowerPooling.self

  static let rows: [OperatorCase] = [
    pooling([1, 4, 6, 3], power: 2, kernel: [2, 2], stride: [2, 2]),
    pooling([2, 5, 4, 9], power: 1, kernel: [3, 3], stride: [1, 1]),
    pooling([1, 7, 5, 17], power: 3, kernel: [3, 2], stride: [2, 3]),
    pooling(
      [1, 6, 5, 4], power: 2, kernel: [3, 3], stride: [1, 2],
      padding: .explicit(before: [1, 0], behind: [1, 2])),
    pooling(
      [2, 11, 4], power: 4, kernel: [3], stride: [2], dilation: [3],
      padding: .explicit(before: [2], behind: [3])),
    pooling([1, 4, 5, 6, 2], power: 2, kernel: [2, 3, 2], stride: [2, 2, 1]),
    pooling([1, 7, 9, 5], power: 2, kernel: [7, 9], stride: [7, 9]),
    pooling([1, 40, 37, 16], power: 3, kernel: [5, 5], stride: [3, 3]),
  ]

  private static func pooling(
    _ input: [Int], power: Int, kernel: [Int], stride: [Int], dilation: [Int]? = nil,
    padding: WindowGeometry.Padding = .same
  ) -> OperatorCase {
    let dilation = dilation ?? kernel.map { _ in 1 }
    return OperatorCase(
      "norm pooling \(Shape(input)), power \(power), kernel \(kernel), stride \(stride), "
        + "dilation \(dilation), \(padding)",
      input,
      PowerPooling(
        power: power, kernel: kernel, stride: stride, dilation: dilation, padding: padding)
    ) { values, shape in
      let axes = axes(shape.spatial, kernel, stride, dilation, padding)
      return everyIndex([shape[0]] + axes.map(\.cells) + [shape.channels]).map { index in
        let sum = taps(
          Array(index.dropFirst().dropLast()), input: shape.spatial, kernel: kernel,
          stride: stride, dilation: dilation, axes: axes
        ).reduce(0) { sum, place in
          let cell = [index[0]] + place.cell + [index[index.count - 1]]
          return sum + pow(abs(values[position(cell, in: shape.extents)]), Double(power))
        }
        return pow(sum, 1 / Double(power))
      }
    }
  }
}
