import GradCAMPPKernels

@testable import GradCAMPPCore

enum ConvolutionCases: OperatorCaseFile {
  static let operation: any Operator.Type = Convolution.self

  static let rows: [OperatorCase] = [
    convolution([1, 5, 5, 3], kernel: [3, 3], outputs: 4),
    convolution([1, 7, 4, 8], kernel: [3, 3], outputs: 16),
    convolution([2, 6, 9, 5], kernel: [3, 3], outputs: 17),
    convolution([1, 1, 1, 3], kernel: [3, 3], outputs: 2),
    convolution([1, 13, 11, 33], kernel: [1, 1], outputs: 31),
    convolution([1, 9, 8, 4], kernel: [5, 3], outputs: 6, stride: [2, 3]),
    convolution([1, 10, 11, 2], kernel: [3, 3], outputs: 3, dilation: [2, 3]),
    convolution([1, 8, 7, 6], kernel: [3, 3], outputs: 9, groups: 3),
    convolution([2, 5, 6, 8], kernel: [3, 3], outputs: 8, stride: [2, 2], groups: 8),
    convolution(
      [1, 9, 9, 3], kernel: [4, 2], outputs: 5, stride: [3, 2],
      padding: .explicit(before: [0, 1], behind: [2, 0])),
    convolution([2, 19, 3], kernel: [7], outputs: 4, stride: [2]),
    convolution([1, 4, 5, 3, 2], kernel: [3, 2, 3], outputs: 3, stride: [1, 2, 1]),
    // Winograd's way: whole tiles, cut tiles, one cell, other paddings, a batch; then in stages.
    convolution([1, 8, 8, 16], kernel: [3, 3], outputs: 16),
    convolution([2, 9, 10, 16], kernel: [3, 3], outputs: 48),
    convolution([1, 1, 2, 32], kernel: [3, 3], outputs: 16),
    convolution(
      [1, 7, 6, 16], kernel: [3, 3], outputs: 16,
      padding: .explicit(before: [0, 0], behind: [0, 0])),
    convolution(
      [1, 6, 7, 16], kernel: [3, 3], outputs: 16,
      padding: .explicit(before: [2, 0], behind: [1, 2])),
    convolution([2, 14, 22, 16], kernel: [3, 3], outputs: 32),
    convolution([1, 56, 54, 16], kernel: [3, 3], outputs: 16),
    convolution([1, 57, 51, 16], kernel: [3, 3], outputs: 16),
    convolution([1, 11, 9, 144], kernel: [3, 3], outputs: 128),
    // Few tiles and many channels: directly.
    convolution([1, 7, 7, 80], kernel: [3, 3], outputs: 64),
    // Slices of a third axis, each by itself; with one more slice behind the last.
    convolution([2, 3, 5, 6, 16], kernel: [1, 3, 3], outputs: 16),
    convolution(
      [2, 2, 5, 9, 3], kernel: [1, 3, 3], outputs: 8,
      padding: .explicit(before: [0, 1, 1], behind: [1, 1, 1])),
    // Few source channels, whose gradient has few result channels: one task, several, other
    // strides, dilations and paddings.
    convolution([1, 10, 13, 3], kernel: [3, 3], outputs: 16),
    convolution([2, 9, 17, 3], kernel: [7, 7], outputs: 35, stride: [2, 2]),
    convolution(
      [1, 8, 11, 1], kernel: [5, 2], outputs: 8, dilation: [2, 1],
      padding: .explicit(before: [5, 0], behind: [3, 4])),
    convolution([1, 40, 200, 3], kernel: [3, 3], outputs: 8),
    // Few result channels.
    convolution([2, 9, 11, 8], kernel: [3, 3], outputs: 3),
    convolution([1, 20, 8, 19], kernel: [3, 5], outputs: 2, dilation: [1, 3]),
    convolution(
      [1, 3, 9, 33], kernel: [3, 3], outputs: 1,
      padding: .explicit(before: [0, 2], behind: [0, 5])),
    // Each channel by itself: less than a register, cut and whole ones, strides and dilations that
    // skip cells on the way back, wide pictures, one and three axes, multipliers.
    convolution([2, 6, 7, 5], kernel: [3, 3], outputs: 5, groups: 5),
    convolution([1, 9, 12, 24], kernel: [5, 5], outputs: 24, groups: 24),
    convolution([1, 8, 11, 16], kernel: [3, 3], outputs: 16, stride: [2, 2], groups: 16),
    convolution(
      [1, 11, 9, 33], kernel: [3, 2], outputs: 33, stride: [3, 1], dilation: [2, 3], groups: 33,
      padding: .explicit(before: [4, 0], behind: [1, 5])),
    convolution([1, 3, 40, 17], kernel: [7, 7], outputs: 17, groups: 17),
    convolution([2, 19, 8], kernel: [4], outputs: 8, stride: [2], groups: 8),
    convolution([1, 4, 5, 6, 9], kernel: [2, 3, 2], outputs: 9, groups: 9),
    convolution([1, 6, 5, 7], kernel: [3, 3], outputs: 21, groups: 7),
    // Groups narrower and wider than a panel, and sums longer than a block in each.
    convolution([1, 7, 6, 64], kernel: [3, 3], outputs: 96, groups: 16),
    convolution([1, 5, 5, 80], kernel: [3, 3], outputs: 90, stride: [2, 1], groups: 2),
    convolution([1, 4, 4, 96], kernel: [3, 3], outputs: 8, groups: 2),
    // Panels and cells of one task and of several, half panels, a single tap with and without stride.
    convolution([1, 11, 12, 64], kernel: [3, 3], outputs: 20),
    convolution([1, 43, 41, 7], kernel: [3, 3], outputs: 35),
    convolution([2, 9, 9, 24], kernel: [1, 1], outputs: 80),
    convolution([1, 13, 10, 40], kernel: [1, 1], outputs: 16, stride: [2, 2]),
    convolution([1, 40, 44, 16], kernel: [1, 1], outputs: 40),
    // Channels by themselves in several parts.
    convolution([1, 7, 6, 529], kernel: [3, 3], outputs: 529, groups: 529),
    convolution([1, 9, 13, 272], kernel: [5, 5], outputs: 272, stride: [2, 2], groups: 272),
  ]

  private static func convolution(
    _ input: [Int], kernel: [Int], outputs: Int, stride: [Int]? = nil, dilation: [Int]? = nil,
    groups: Int = 1, padding: WindowGeometry.Padding = .same
  ) -> OperatorCase {
    let ones = kernel.map { _ in 1 }
    let shape = Shape(kernel + [(input.last ?? 1) / groups, outputs])
    var random = RepeatableRandom(seed: UInt64(shape.count))
    let weights = random.floats(shape.count)
    let biases = random.floats(outputs)
    let twin = SlowConvolution(
      kernel: kernel, stride: stride ?? ones, dilation: dilation ?? ones, groups: groups,
      padding: padding, weights: weights.map(Double.init), biases: biases.map(Double.init))
    return OperatorCase(
      "convolution \(Shape(input)) by \(shape), stride \(stride ?? ones), "
        + "dilation \(dilation ?? ones), groups \(groups), \(padding)",
      input,
      Convolution(
        layer: "test", weights: OperatorCase.array(shape, weights), biases: biases,
        stride: stride ?? ones, dilation: dilation ?? ones, groups: groups, padding: padding),
      twin: { twin($0, $1) })
  }
}
