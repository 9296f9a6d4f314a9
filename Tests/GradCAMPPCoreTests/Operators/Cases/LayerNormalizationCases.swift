import GradCAMPPKernels

@testable import GradCAMPPCore

enum LayerNormalizationCases: OperatorCaseFile {
  static let operation: any Operator.Type = LayerNormalization.self

  static let rows: [OperatorCase] = [true, false].flatMap { isCentered in
    [
      normalization([2, 7, 9], axes: 1, isCentered), normalization([3, 40], axes: 1, isCentered),
      normalization([1, 3, 4, 5], axes: 2, isCentered, hasOffsets: false),
      normalization([1, 60, 7, 96], axes: 1, isCentered),
    ]
  }

  private static func normalization(
    _ shape: [Int], axes: Int, _ isCentered: Bool, hasOffsets: Bool = true
  ) -> OperatorCase {
    let count = shape.suffix(axes).reduce(1, *)
    var random = RepeatableRandom(seed: UInt64(count))
    let factors = random.floats(count)
    let offsets = hasOffsets ? random.floats(count) : []
    let epsilon: Float = 0.01
    return OperatorCase(
      "normalization of \(Shape(shape)) over \(axes) axes, centred \(isCentered)", shape,
      LayerNormalization(
        factors: factors, offsets: offsets, epsilon: epsilon, isCentered: isCentered)
    ) { input, _ in
      input.indices.map { index in
        let first = index / count * count
        let line = input[first..<first + count]
        let mean = isCentered ? line.reduce(0, +) / Double(count) : 0
        let variance = line.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
        let normal = (input[index] - mean) / (variance + Double(epsilon)).squareRoot()
        let offset = hasOffsets ? Double(offsets[index - first]) : 0
        return normal * Double(factors[index - first]) + offset
      }
    }
  }
}
