import GradCAMPPKernels

@testable import GradCAMPPCore

enum GroupNormalizationCases: OperatorCaseFile {
  static let operation: any Operator.Type = GroupNormalization.self

  static let rows: [OperatorCase] = [
    normalization([1, 4, 5, 3], groups: 3),
    normalization([2, 3, 4, 6], groups: 2),
    normalization([2, 5, 12], groups: 1, epsilon: 0.1),
    normalization([1, 2, 3, 2, 8], groups: 8),
    normalization([5, 24], groups: 12, epsilon: 0.5),
    normalization([1, 5, 5, 33], groups: 11),
    normalization([2, 19, 23, 40], groups: 5),
    // More cells than are summed at once.
    normalization([1, 37, 31, 18], groups: 18),
  ]

  private static func normalization(
    _ input: [Int], groups: Int, epsilon: Double = 1e-3
  ) -> OperatorCase {
    var random = RepeatableRandom(seed: 5)
    let channels = input[input.count - 1]
    let factors = random.floats(channels)
    let offsets = random.floats(channels)
    return OperatorCase(
      "normalisation of \(Shape(input)) in \(groups) groups", input,
      GroupNormalization(
        groups: groups, factors: factors, offsets: offsets, epsilon: Float(epsilon))
    ) { values, shape in
      let width = channels / groups
      let indices = everyIndex(shape.extents)
      func group(_ index: [Int]) -> [Int] { [index[0], index[index.count - 1] / width] }
      var members: [[Int]: [Double]] = [:]
      for (index, value) in zip(indices, values) {
        members[group(index), default: []].append(value)
      }
      let measures = members.mapValues { numbers in
        let mean = numbers.reduce(0, +) / Double(numbers.count)
        let variance =
          numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(numbers.count)
        return (mean: mean, deviation: (variance + epsilon).squareRoot())
      }
      return zip(indices, values).map { index, value in
        let channel = index[index.count - 1]
        guard let measure = measures[group(index)] else { return .nan }
        return Double(factors[channel]) * (value - measure.mean) / measure.deviation
          + Double(offsets[channel])
      }
    }
  }
}
