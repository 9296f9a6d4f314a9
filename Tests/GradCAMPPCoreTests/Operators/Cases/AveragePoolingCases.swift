import GradCAMPPKernels

@testable import GradCAMPPCore

enum AveragePoolingCases: OperatorCaseFile {
  static let operation: any Operator.Type = AveragePooling.self

  static let rows: [OperatorCase] = [
    pooling([1, 4, 6, 3], kernel: [2, 2], stride: [2, 2]),
    pooling([2, 5, 7, 9], kernel: [3, 3], stride: [1, 1]),
    pooling([1, 7, 6, 17], kernel: [3, 2], stride: [2, 3]),
    pooling(
      [1, 6, 5, 8], kernel: [3, 3], stride: [1, 2],
      padding: .explicit(before: [1, 0], behind: [1, 2])),
    pooling(
      [1, 6, 5, 8], kernel: [3, 3], stride: [1, 2],
      padding: .explicit(before: [1, 0], behind: [1, 2]),
      counting: .padding(before: [1, 0], behind: [1, 2])),
    // The last windows reach one and two cells behind the padding that counts.
    pooling(
      [1, 6, 7, 5], kernel: [3, 3], stride: [2, 3],
      padding: .explicit(before: [0, 1], behind: [1, 2]),
      counting: .padding(before: [0, 1], behind: [0, 0])),
    pooling(
      [2, 11, 4], kernel: [3], stride: [2], dilation: [3],
      padding: .explicit(before: [2], behind: [3]), counting: .padding(before: [2], behind: [3])),
    pooling([1, 4, 5, 6, 2], kernel: [2, 3, 2], stride: [2, 2, 1], dilation: [1, 2, 3]),
    pooling([1, 40, 37, 16], kernel: [5, 5], stride: [3, 3]),
  ]

  private static func pooling(
    _ input: [Int], kernel: [Int], stride: [Int], dilation: [Int]? = nil,
    padding: WindowGeometry.Padding = .same, counting: AveragePooling.Counting = .input
  ) -> OperatorCase {
    OperatorCase(
      "average pooling \(Shape(input)), kernel \(kernel), stride \(stride), "
        + "dilation \(dilation ?? []), \(padding), counting \(counting)",
      input,
      AveragePooling(
        kernel: kernel, stride: stride, dilation: dilation, padding: padding, counting: counting)
    ) { values, shape in
      let dilation = dilation ?? kernel.map { _ in 1 }
      let axes = axes(shape.spatial, kernel, stride, dilation, padding)
      return everyIndex([shape[0]] + axes.map(\.cells) + [shape.channels]).map { index in
        let window = Array(index.dropFirst().dropLast())
        let sum = taps(
          window, input: shape.spatial, kernel: kernel, stride: stride, dilation: dilation,
          axes: axes
        ).reduce(0) { sum, place in
          let cell = [index[0]] + place.cell + [index[index.count - 1]]
          return sum + values[position(cell, in: shape.extents)]
        }
        // Every tap asks whether its cell counts.
        let counted = everyIndex(kernel).count { tap in
          tap.indices.allSatisfy { axis in
            let cell = window[axis] * stride[axis] + tap[axis] * dilation[axis] - axes[axis].before
            guard case .padding(let before, let behind) = counting else {
              return cell >= 0 && cell < shape.spatial[axis]
            }
            return cell >= -before[axis] && cell < shape.spatial[axis] + behind[axis]
          }
        }
        return sum / Double(counted)
      }
    }
  }
}
