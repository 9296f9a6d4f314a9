import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

/// One row of the table: an operator, its slow twin, and the shapes of the inputs to try.
struct OperatorCase: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let inputShapes: [Shape]
  let operation: any Operator
  let twin: @Sendable ([[Double]], [Shape]) -> [[Double]]
  /// Where numbers of the inputs lie.
  var domain: ClosedRange<Float> = -1...1

  /// A row of an operator with several inputs or outputs.
  init(
    _ description: String, _ inputShapes: [[Int]], _ operation: any Operator,
    twin: @escaping @Sendable ([[Double]], [Shape]) -> [[Double]]
  ) {
    testDescription = description
    self.inputShapes = inputShapes.map { Shape($0) }
    self.operation = operation
    self.twin = twin
  }

  /// A row of an operator with one input and one output.
  init(
    _ description: String, _ inputShape: [Int], _ operation: any Operator,
    twin: @escaping @Sendable ([Double], Shape) -> [Double]
  ) {
    self.init(description, [inputShape], operation) { [twin($0[0], $1[0])] }
  }

  /// Rows of every operator.
  static let all: [OperatorCase] = OperatorCases.all.flatMap { $0.rows }

  /// Elements of all inputs.
  var inputCount: Int { inputShapes.reduce(0) { $0 + $1.count } }

  /// Numbers for every input, from those between -1 and 1 that `number` makes.
  func inputs(_ number: (Int) -> [Float]) -> [[Float]] {
    // Drawn together, so that spaced numbers are spaced over all inputs.
    let center = (domain.lowerBound + domain.upperBound) / 2
    let half = (domain.upperBound - domain.lowerBound) / 2
    var rest = number(inputCount).map { center + half * $0 }[...]
    return inputShapes.map { shape in
      defer { rest = rest.dropFirst(shape.count) }
      return Array(rest.prefix(shape.count))
    }
  }

  /// Weights at an odd address, as in a mapped pickle.
  static func array(_ shape: Shape, _ values: [Float]) -> WeightArray {
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

/// The rows of one operator: a file in `Cases` and a line in `OperatorCases.all`.
protocol OperatorCaseFile: Sendable {
  /// The operator.
  static var operation: any Operator.Type { get }

  /// Odd extents, one to three axes, batches, and whatever else the operator can be told.
  static var rows: [OperatorCase] { get }
}

/// The files of rows.
enum OperatorCases {
  static let all: [any OperatorCaseFile.Type] = [
    ConvolutionCases.self,
    TransposedConvolutionCases.self,
    DenseCases.self,
    MaxPoolingCases.self,
    AveragePoolingCases.self,
    AdaptiveAveragePoolingCases.self,
    PowerPoolingCases.self,
    ChannelAffineCases.self,
    GroupNormalizationCases.self,
    ResponseNormalizationCases.self,
    ReLUCases.self,
    PReLUCases.self,
    ElementActivationCases.self,
    AdditionCases.self,
    ArithmeticCases.self,
    AxisResamplingCases.self,
    BlockRearrangementCases.self,
    ConcatenationCases.self,
    SplitCases.self,
    FlattenCases.self,
    ReshapingCases.self,
    TranspositionCases.self,
    SlicingCases.self,
    GatheringCases.self,
    TilingCases.self,
    ReductionCases.self,
    SoftmaxCases.self,
    LayerNormalizationCases.self,
    MatrixProductCases.self,
  ]
}
