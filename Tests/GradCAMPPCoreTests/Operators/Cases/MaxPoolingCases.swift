import GradCAMPPKernels

@testable import GradCAMPPCore

enum MaxPoolingCases: OperatorCaseFile {
  static let operation: any Operator.Type = MaxPooling.self

  static let rows: [OperatorCase] = [
    pooling([1, 4, 6, 3], kernel: [2, 2], stride: [2, 2]),
    pooling([2, 5, 7, 9], kernel: [2, 2], stride: [2, 2]),
    pooling([2, 4, 6, 37], kernel: [2, 3], stride: [2, 3]),
    pooling([1, 7, 7, 17], kernel: [3, 3], stride: [2, 2]),
    pooling([1, 6, 5, 8], kernel: [3, 2], stride: [1, 1]),
    pooling([1, 9, 4], kernel: [3], stride: [3], padding: .explicit(before: [1], behind: [1])),
    pooling([1, 9, 8, 18], kernel: [3, 2], stride: [2, 1], dilation: [2, 3]),
    pooling(
      [2, 11, 3], kernel: [2], stride: [4], dilation: [3],
      padding: .explicit(before: [2], behind: [3])),
    pooling([1, 4, 5, 6, 2], kernel: [2, 3, 2], stride: [2, 2, 2]),
  ]

  private static func pooling(
    _ input: [Int], kernel: [Int], stride: [Int], dilation: [Int]? = nil,
    padding: WindowGeometry.Padding = .same
  ) -> OperatorCase {
    let twin = SlowMaxPooling(
      kernel: kernel, stride: stride, dilation: dilation, padding: padding)
    return OperatorCase(
      "max pooling \(Shape(input)), kernel \(kernel), stride \(stride)"
        + (dilation.map { ", dilation \($0)" } ?? ""),
      input,
      MaxPooling(kernel: kernel, stride: stride, dilation: dilation, padding: padding),
      twin: { twin($0, $1) })
  }
}
