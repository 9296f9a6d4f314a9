import GradCAMPPKernels

@testable import GradCAMPPCore

enum DenseCases: OperatorCaseFile {
  static let operation: any Operator.Type = Dense.self

  static let rows: [OperatorCase] = [
    dense([1, 10], outputs: 7), dense([3, 33], outputs: 40), dense([1, 3, 5, 4], outputs: 65),
    dense([2, 600], outputs: 9), dense([1, 1], outputs: 1),
  ]

  private static func dense(_ input: [Int], outputs: Int) -> OperatorCase {
    let inputs = input.dropFirst().reduce(1, *)
    var random = RepeatableRandom(seed: UInt64(inputs * outputs))
    let weights = random.floats(inputs * outputs)
    let biases = random.floats(outputs)
    return OperatorCase(
      "dense \(Shape(input)) to \(outputs)", input,
      Dense(
        layer: "test", weights: OperatorCase.array(Shape([inputs, outputs]), weights),
        biases: biases),
      twin: { values, shape in
        (0..<shape[0] * outputs).map { index in
          let (item, output) = (index / outputs, index % outputs)
          return (0..<inputs).reduce(Double(biases[output])) { sum, input in
            sum + values[item * inputs + input] * Double(weights[input * outputs + output])
          }
        }
      })
  }
}
