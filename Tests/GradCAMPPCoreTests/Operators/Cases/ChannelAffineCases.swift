import GradCAMPPKernels

@testable import GradCAMPPCore

enum ChannelAffineCases: OperatorCaseFile {
  static let operation: any Operator.Type = ChannelAffine.self

  static let rows: [OperatorCase] = [
    [1, 7], [2, 5, 19], [2, 3, 5, 37], [1, 2, 3, 2, 16], [1, 90, 131, 3],
  ].map { (shape: [Int]) in
    var random = RepeatableRandom(seed: UInt64(shape.count))
    let channels = shape[shape.count - 1]
    let (factors, offsets) = (random.floats(channels), random.floats(channels))
    return OperatorCase(
      "scaling \(Shape(shape))", shape, ChannelAffine(factors: factors, offsets: offsets)
    ) { input, _ in
      input.indices.map { index in
        input[index] * Double(factors[index % channels]) + Double(offsets[index % channels])
      }
    }
  }
}
