import GradCAMPPKernels

@testable import GradCAMPPCore

enum AdaptiveAveragePoolingCases: OperatorCaseFile {
  static let operation: any Operator.Type = AdaptiveAveragePooling.self

  static let rows: [OperatorCase] = [
    pooling([1, 7, 5, 19], cells: nil),
    pooling([2, 9, 14, 3], cells: [7, 7]),
    pooling([1, 8, 6, 5], cells: [3, 4]),
    pooling([3, 4, 4, 2], cells: [4, 2]),
    pooling([2, 11, 6], cells: [4]),
    pooling([1, 3, 5, 4, 2], cells: [2, 2, 3]),
  ]

  private static func pooling(_ input: [Int], cells: [Int]?) -> OperatorCase {
    OperatorCase(
      "average pooling \(Shape(input)) to \(cells ?? [1])", input,
      cells.map { AdaptiveAveragePooling(cells: $0) } ?? .global,
      twin: { twin($0, $1, cells ?? $1.spatial.map { _ in 1 }) })
  }

  /// Every output cell asks every input cell whether it lies in its bin.
  private static func twin(_ values: [Double], _ shape: Shape, _ cells: [Int]) -> [Double] {
    everyIndex([shape[0]] + cells + [shape.channels]).map { output in
      let members = everyIndex(shape.extents).filter { input in
        let rank = shape.rank
        guard input[0] == output[0], input[rank - 1] == output[rank - 1] else { return false }
        return cells.indices.allSatisfy { axis in
          let (cell, extent) = (Double(input[axis + 1]), Double(shape[axis + 1]))
          let (bin, bins) = (Double(output[axis + 1]), Double(cells[axis]))
          return cell >= (bin * extent / bins).rounded(.down)
            && cell < ((bin + 1) * extent / bins).rounded(.up)
        }
      }
      return members.reduce(0) { $0 + values[position($1, in: shape.extents)] }
        / Double(members.count)
    }
  }
}
