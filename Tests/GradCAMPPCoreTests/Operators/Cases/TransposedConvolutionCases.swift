import GradCAMPPKernels

@testable import GradCAMPPCore

enum TransposedConvolutionCases: OperatorCaseFile {
  static let operation: any Operator.Type = TransposedConvolution.self

  static let rows: [OperatorCase] = [
    convolution([1, 4, 5, 3], kernel: [3, 3], outputs: 4),
    convolution([2, 3, 4, 5], kernel: [2, 2], outputs: 3, stride: [2, 2]),
    convolution(
      [1, 4, 3, 4], kernel: [4, 3], outputs: 6, stride: [2, 3], before: [1, 0], behind: [1, 1]),
    // Cells that no input reaches, behind and between.
    convolution([1, 3, 3, 2], kernel: [2, 3], outputs: 3, stride: [3, 2], behind: [-2, -1]),
    convolution(
      [1, 4, 5, 6], kernel: [3, 2], outputs: 9, stride: [1, 2], dilation: [2, 3], groups: 3,
      before: [1, 2], behind: [2, 0]),
    convolution(
      [2, 9, 4], kernel: [5], outputs: 6, stride: [2], groups: 2, before: [2], behind: [1]),
    convolution([1, 3, 2, 4, 2], kernel: [2, 3, 2], outputs: 3, stride: [2, 1, 2]),
    // The ways of convolutions: each channel by itself, Winograd's, few channels on either side.
    convolution([1, 5, 6, 8], kernel: [3, 3], outputs: 8, stride: [2, 2], groups: 8),
    convolution([2, 7, 6, 16], kernel: [3, 3], outputs: 32, before: [1, 1], behind: [1, 1]),
    convolution([1, 9, 12, 16], kernel: [3, 3], outputs: 3, before: [1, 1], behind: [1, 1]),
    convolution([1, 10, 11, 3], kernel: [3, 3], outputs: 16),
    convolution(
      [1, 14, 15, 24], kernel: [4, 4], outputs: 20, stride: [2, 2], before: [1, 1], behind: [1, 1]),
  ]

  private static func convolution(
    _ input: [Int], kernel: [Int], outputs: Int, stride: [Int]? = nil, dilation: [Int]? = nil,
    groups: Int = 1, before: [Int]? = nil, behind: [Int]? = nil
  ) -> OperatorCase {
    var random = RepeatableRandom(seed: 3)
    let inputs = input[input.count - 1]
    let shape = Shape(kernel + [outputs / groups, inputs])
    let weights = random.floats(shape.count)
    let biases = random.floats(outputs)
    let none = kernel.map { _ in 0 }
    let ones = kernel.map { _ in 1 }
    let (stride, dilation) = (stride ?? ones, dilation ?? ones)
    let (before, behind) = (before ?? none, behind ?? none)
    return OperatorCase(
      "transposed convolution \(Shape(input)), kernel \(kernel), outputs \(outputs), stride "
        + "\(stride), dilation \(dilation), groups \(groups), cut \(before) \(behind)",
      input,
      TransposedConvolution(
        layer: "test", weights: OperatorCase.array(shape, weights), biases: biases, stride: stride,
        dilation: dilation, groups: groups, before: before, behind: behind)
    ) { values, input in
      // Each input cell lays its taps over the result.
      let spatial = kernel.indices.map { (axis: Int) -> Int in
        let size = dilation[axis] * (kernel[axis] - 1) + 1
        return stride[axis] * (input.spatial[axis] - 1) + size - before[axis] - behind[axis]
      }
      let extents = [input[0]] + spatial + [outputs]
      var result = everyIndex(extents).map { Double(biases[$0[$0.count - 1]]) }
      let (inputsOfGroup, outputsOfGroup) = (inputs / groups, outputs / groups)
      for (index, value) in zip(everyIndex(input.extents), values) {
        let channel = index[index.count - 1]
        for tap in everyIndex(kernel) {
          let cell = tap.indices.map { (axis: Int) -> Int in
            index[axis + 1] * stride[axis] + tap[axis] * dilation[axis] - before[axis]
          }
          guard zip(cell, spatial).allSatisfy({ $0 >= 0 && $0 < $1 }) else { continue }
          for output in 0..<outputsOfGroup {
            let place = [index[0]] + cell + [channel / inputsOfGroup * outputsOfGroup + output]
            result[position(place, in: extents)] +=
              value * Double(weights[position(tap + [output, channel], in: shape.extents)])
          }
        }
      }
      return result
    }
  }
}
