import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

/// One row of the table: an operator, its slow twin, and the shape of the input to try.
struct OperatorCase: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let inputShape: Shape
  let operation: any Operator
  let twin: @Sendable ([Double], Shape) -> [Double]

  /// Rows for every operator: odd extents, one to three axes, strides, dilations, groups, batches.
  static let all: [OperatorCase] = convolutions + poolings + denses + rectifiers

  private static let convolutions: [OperatorCase] = [
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
    convolution([1, 11, 7, 144], kernel: [3, 3], outputs: 128),
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
    // Longer sums than one block of terms, more cells than one task.
    convolution([1, 11, 12, 64], kernel: [3, 3], outputs: 20),
    convolution([1, 43, 41, 7], kernel: [3, 3], outputs: 35),
  ]

  private static let poolings: [OperatorCase] = [
    pooling([1, 4, 6, 3], kernel: [2, 2], stride: [2, 2]),
    pooling([2, 5, 7, 9], kernel: [2, 2], stride: [2, 2]),
    pooling([2, 4, 6, 37], kernel: [2, 3], stride: [2, 3]),
    pooling([1, 7, 7, 17], kernel: [3, 3], stride: [2, 2]),
    pooling([1, 6, 5, 8], kernel: [3, 2], stride: [1, 1]),
    pooling([1, 9, 4], kernel: [3], stride: [3], padding: .explicit(before: [1], behind: [1])),
    pooling([1, 4, 5, 6, 2], kernel: [2, 3, 2], stride: [2, 2, 2]),
  ]

  private static let denses: [OperatorCase] = [
    dense([1, 10], outputs: 7), dense([3, 33], outputs: 40), dense([1, 3, 5, 4], outputs: 65),
    dense([2, 600], outputs: 9), dense([1, 1], outputs: 1),
  ]

  private static let rectifiers: [OperatorCase] = [[1, 7], [2, 3, 5, 9], [1, 130, 131, 1]].map {
    OperatorCase(
      testDescription: "ReLU \(Shape($0))", inputShape: Shape($0), operation: ReLU(),
      twin: { input, _ in input.map { max($0, 0) } })
  }

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
      testDescription: "convolution \(Shape(input)) by \(shape), stride \(stride ?? ones), "
        + "dilation \(dilation ?? ones), groups \(groups), \(padding)",
      inputShape: Shape(input),
      operation: Convolution(
        layer: "test", weights: array(shape, weights), biases: biases, stride: stride ?? ones,
        dilation: dilation ?? ones, groups: groups, padding: padding),
      twin: { twin($0, $1) })
  }

  private static func pooling(
    _ input: [Int], kernel: [Int], stride: [Int], padding: WindowGeometry.Padding = .same
  ) -> OperatorCase {
    let twin = SlowMaxPooling(kernel: kernel, stride: stride, padding: padding)
    return OperatorCase(
      testDescription: "max pooling \(Shape(input)), kernel \(kernel), stride \(stride)",
      inputShape: Shape(input),
      operation: MaxPooling(kernel: kernel, stride: stride, padding: padding),
      twin: { twin($0, $1) })
  }

  private static func dense(_ input: [Int], outputs: Int) -> OperatorCase {
    let inputs = input.dropFirst().reduce(1, *)
    var random = RepeatableRandom(seed: UInt64(inputs * outputs))
    let weights = random.floats(inputs * outputs)
    let biases = random.floats(outputs)
    return OperatorCase(
      testDescription: "dense \(Shape(input)) to \(outputs)", inputShape: Shape(input),
      operation: Dense(
        layer: "test", weights: array(Shape([inputs, outputs]), weights), biases: biases),
      twin: { values, shape in
        (0..<shape[0] * outputs).map { index in
          let (item, output) = (index / outputs, index % outputs)
          return (0..<inputs).reduce(Double(biases[output])) { sum, input in
            sum + values[item * inputs + input] * Double(weights[input * outputs + output])
          }
        }
      })
  }

  /// Weights at an odd address, as in a mapped pickle.
  private static func array(_ shape: Shape, _ values: [Float]) -> WeightArray {
    let memory = UnsafeMutableRawPointer.allocate(byteCount: values.count * 4 + 1, alignment: 64)
    for (index, value) in values.enumerated() {
      memory.storeBytes(of: value, toByteOffset: 1 + index * 4, as: Float.self)
    }
    let borrowed = BorrowedMemory(base: UnsafeRawPointer(memory + 1), count: values.count * 4)
    guard let array = try? WeightArray(borrowed, shape: shape) else {
      preconditionFailure("float32 in native order is borrowed as it is")
    }
    return array
  }
}
