import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

/// A tensor of a case: integers, or numbers with a fraction.
private enum Given: Sendable {
  case integers([Int], [Int])
  case floats([Float], [Int])

  static func list(_ integers: Int...) -> Given { .integers(integers, [integers.count]) }
  static func scalar(_ integer: Int) -> Given { .integers([integer], []) }
  static func numbers(_ floats: Float...) -> Given { .floats(floats, [floats.count]) }

  func constant() throws -> GraphConstant {
    switch self {
    case .integers(let values, let extents):
      GraphConstant(integers: values, shape: Shape(extents))
    case .floats(let values, let extents): try GraphConstant(Shape(extents), values)
    }
  }
}

/// A node with known inputs and the results that ONNX's definition gives, worked out by hand.
private struct Case: Sendable, CustomTestStringConvertible {
  let operation: String
  let inputs: [Given?]
  var attributes: [String: AttributeValue] = [:]
  let results: [Given]

  init(
    _ operation: String, _ inputs: [Given?], _ attributes: [String: AttributeValue] = [:],
    gives results: Given...
  ) {
    self.operation = operation
    self.inputs = inputs
    self.attributes = attributes
    self.results = results
  }

  var testDescription: String { "\(operation) \(inputs) \(attributes)" }

  func node() -> GraphNode {
    GraphNode(
      operation, name: "n", inputs: inputs.indices.map { inputs[$0] == nil ? "" : "i\($0)" },
      outputs: results.indices.map { "o\($0)" }, attributes: attributes)
  }

  func found() throws -> [KnownTensor]? {
    let constants = try inputs.map { try $0?.constant() }
    return try ConstantEvaluations.results(
      of: node(), NodeInputs(shapes: constants.map { $0?.shape }, constants: constants))
  }
}

private let matrix = Given.integers([1, 2, 3, 4, 5, 6], [2, 3])
private let last = Int.max

private let cases: [Case] = [
  Case("Shape", [.integers([0, 0, 0, 0, 0, 0], [1, 2, 3])], gives: .list(1, 2, 3)),
  Case(
    "Shape", [.integers([0, 0, 0, 0, 0, 0], [1, 2, 3])],
    ["start": .integer(-2), "end": .integer(99)], gives: .list(2, 3)),
  Case("Size", [matrix], gives: .scalar(6)),
  Case("Gather", [.list(7, 8, 9), .scalar(-1)], gives: .scalar(9)),
  Case(
    "Gather", [matrix, .list(2, 0)], ["axis": .integer(1)],
    gives: .integers([3, 1, 6, 4], [2, 2])),
  Case("Slice", [.list(1, 2, 3, 4, 5), .list(1), .list(last)], gives: .list(2, 3, 4, 5)),
  Case(
    "Slice", [.list(1, 2, 3, 4, 5), .list(-1), .list(.min), .list(0), .list(-2)],
    gives: .list(5, 3, 1)),
  Case(
    "Slice", [matrix, .list(0, 1), .list(1, last), .list(0, -1)],
    gives: .integers([2, 3], [1, 2])),
  Case(
    "Slice", [.list(1, 2, 3)], ["starts": .integers([-2]), "ends": .integers([-1])],
    gives: .list(2)),
  Case("Slice", [.list(1, 2, 3), .list(3), .list(1)], gives: .integers([], [0])),
  Case("Concat", [.list(1), .list(2, 3)], ["axis": .integer(0)], gives: .list(1, 2, 3)),
  Case(
    "Concat", [matrix, .integers([7, 8], [2, 1])], ["axis": .integer(-1)],
    gives: .integers([1, 2, 3, 7, 4, 5, 6, 8], [2, 4])),
  Case(
    "Split", [matrix, .list(1, 2)], ["axis": .integer(1)],
    gives: .integers([1, 4], [2, 1]), .integers([2, 3, 5, 6], [2, 2])),
  Case("Cast", [.numbers(-1.75, 2.5)], ["to": .integer(7)], gives: .list(-1, 2)),
  Case("Cast", [.list(3, 0)], ["to": .integer(9)], gives: .list(1, 0)),
  Case("Cast", [.list(3, 0)], ["to": .integer(1)], gives: .numbers(3, 0)),
  Case("Range", [.scalar(2), .scalar(11), .scalar(3)], gives: .list(2, 5, 8)),
  Case("Range", [.scalar(2), .scalar(0), .scalar(-1)], gives: .list(2, 1)),
  Case("Range", [.scalar(2), .scalar(0), .scalar(1)], gives: .integers([], [0])),
  Case(
    "ConstantOfShape", [.list(2, 2)], ["value": .constant(GraphConstant(integers: [7]))],
    gives: .integers([7, 7, 7, 7], [2, 2])),
  Case("ConstantOfShape", [.list(2)], gives: .numbers(0, 0)),
  Case(
    "Where", [.list(1, 0), .integers([1, 2], [2, 1]), .scalar(9)],
    gives: .integers([1, 9, 2, 9], [2, 2])),
  Case("Expand", [.list(1, 2), .list(2, 1)], gives: .integers([1, 2, 1, 2], [2, 2])),
  Case("Tile", [.list(1, 2), .list(2)], gives: .list(1, 2, 1, 2)),
  Case(
    "NonZero", [.integers([0, 5, 0, 6], [2, 2])], gives: .integers([0, 1, 1, 1], [2, 2])),
  Case(
    "Flatten", [.integers([1, 2, 3, 4], [1, 2, 2])], ["axis": .integer(2)],
    gives: .integers([1, 2, 3, 4], [2, 2])),
  Case("CumSum", [.list(1, 2, 3), .list(0)], gives: .list(1, 3, 6)),
  Case(
    "CumSum", [.list(1, 2, 3), .list(0)], ["exclusive": .integer(1), "reverse": .integer(1)],
    gives: .list(5, 3, 0)),
  Case(
    "ScatterND", [.list(1, 2, 3, 4), .integers([3, 0], [2, 1]), .list(9, 8)],
    gives: .list(8, 2, 3, 9)),
  Case("Add", [.list(1, 2), .scalar(3)], gives: .list(4, 5)),
  Case("Sub", [.list(1, 2), .scalar(3)], gives: .list(-2, -1)),
  Case("Mul", [matrix, .list(0, 1, -1)], gives: .integers([0, 2, -3, 0, 5, -6], [2, 3])),
  Case("Div", [.list(7, -7, .min), .list(2, 2, -1)], gives: .list(3, -3, .min)),
  Case("Div", [.numbers(7), .numbers(2)], gives: .numbers(3.5)),
  Case("Mod", [.list(7, -7, 7), .list(3, 3, -3)], gives: .list(1, 2, -2)),
  Case("Max", [.list(1, 5), .scalar(3), .list(4, 4)], gives: .list(4, 5)),
  Case("Min", [.list(1, 5), .scalar(3)], gives: .list(1, 3)),
  Case("Sum", [.list(1, 5), .scalar(3), .scalar(1)], gives: .list(5, 9)),
  Case("Pow", [.list(2, 3), .scalar(3)], gives: .list(8, 27)),
  Case("Pow", [.numbers(4), .numbers(0.5)], gives: .numbers(2)),
  Case("Equal", [.list(1, 2), .scalar(2)], gives: .list(0, 1)),
  Case("Less", [.list(1, 2), .scalar(2)], gives: .list(1, 0)),
  Case("LessOrEqual", [.list(1, 3), .scalar(2)], gives: .list(1, 0)),
  Case("Greater", [.numbers(2.5, 1), .scalar(2)], gives: .list(1, 0)),
  Case("GreaterOrEqual", [.list(2, 1), .scalar(2)], gives: .list(1, 0)),
  Case("And", [.list(1, 0), .list(1, 1)], gives: .list(1, 0)),
  Case("Or", [.list(1, 0), .list(0, 0)], gives: .list(1, 0)),
  Case("Xor", [.list(1, 1), .list(0, 1)], gives: .list(1, 0)),
  Case("Not", [.list(1, 0)], gives: .list(0, 1)),
  Case("Abs", [.list(-3, 3)], gives: .list(3, 3)),
  Case("Neg", [.list(-3, 3)], gives: .list(3, -3)),
  Case("Sign", [.list(-3, 0)], gives: .list(-1, 0)),
  Case("Relu", [.numbers(-3, 2)], gives: .numbers(0, 2)),
  Case("Floor", [.numbers(-1.5, 1.5)], gives: .numbers(-2, 1)),
  Case("Ceil", [.numbers(-1.5, 1.5)], gives: .numbers(-1, 2)),
  Case("Round", [.numbers(2.5, 3.5)], gives: .numbers(2, 4)),
  Case("Sqrt", [.numbers(9)], gives: .numbers(3)),
  Case("Reciprocal", [.numbers(4)], gives: .numbers(0.25)),
  Case("Exp", [.numbers(0)], gives: .numbers(1)),
  Case("Log", [.numbers(1)], gives: .numbers(0)),
  Case("Sigmoid", [.numbers(0)], gives: .numbers(0.5)),
  Case("Tanh", [.numbers(0)], gives: .numbers(0)),
  Case("Softplus", [.numbers(100)], gives: .numbers(100)),
  Case("ReduceProd", [matrix, .list(1)], gives: .integers([6, 120], [2, 1])),
  Case(
    "ReduceSum", [matrix], ["axes": .integers([0]), "keepdims": .integer(0)], gives: .list(5, 7, 9)),
  Case("ReduceMax", [matrix], ["keepdims": .integer(0)], gives: .scalar(6)),
  Case("ReduceMin", [matrix, .list(-1)], ["keepdims": .integer(0)], gives: .list(1, 4)),
  Case("ReduceMean", [matrix, .list(1)], ["keepdims": .integer(0)], gives: .numbers(2, 5)),
  Case("ReduceL1", [.numbers(-3, 4)], ["keepdims": .integer(0)], gives: .floats([7], [])),
  Case("ReduceL2", [.numbers(-3, 4)], ["keepdims": .integer(0)], gives: .floats([5], [])),
  Case("ReduceSumSquare", [.numbers(-3, 4)], ["keepdims": .integer(0)], gives: .floats([25], [])),
  Case("ReduceSum", [matrix], ["noop_with_empty_axes": .integer(1)], gives: matrix),
  Case(
    "InstanceNormalization",
    [.floats([1, 3, 5, 5], [1, 2, 2]), .numbers(2, 1), .numbers(10, 7)],
    ["epsilon": .number(1e-12)], gives: .floats([8, 12, 7, 7], [1, 2, 2])),
  Case(
    "BatchNormalization",
    [.floats([1, 3], [1, 1, 2]), .numbers(2), .numbers(10), .numbers(0), .numbers(1)],
    ["epsilon": .number(0), "training_mode": .integer(1)], gives: .floats([8, 12], [1, 1, 2])),
  Case(
    "BatchNormalization",
    [.floats([1, 3], [1, 1, 2]), .numbers(2), .numbers(10), .numbers(1), .numbers(4)],
    ["epsilon": .number(0)], gives: .floats([10, 12], [1, 1, 2])),
]

/// Nodes that have no result, with what the refusal says.
private let refusals: [(Case, String)] = [
  (Case("Gather", [.list(1), .scalar(1)], gives: .scalar(0)), "takes place 1 of 1"),
  (Case("Div", [.list(1), .list(0)], gives: .list(0)), "no whole result"),
  (Case("Mod", [.list(1), .list(0)], gives: .list(0)), "no whole result"),
  (Case("Pow", [.list(2), .scalar(-1)], gives: .list(0)), "no whole result"),
  (Case("Range", [.scalar(0), .scalar(last), .scalar(1)], gives: .list()), "counts from"),
  (Case("Range", [.scalar(0), .scalar(1), .scalar(0)], gives: .list()), "counts from"),
  (Case("Range", [.list(), .scalar(1), .scalar(1)], gives: .list()), "expected single numbers"),
  (Case("ConstantOfShape", [.list(1 << 13, 1 << 13)], gives: .list()), "at most 16777216"),
  (Case("ConstantOfShape", [.list(-1)], gives: .list()), "fit no memory"),
  (Case("Expand", [.list(1, 2), .list(last, 1)], gives: .list()), "fit no memory"),
  (Case("Tile", [.list(1, 2), .list(1 << 24)], gives: .list()), "at most 16777216"),
  (Case("Expand", [.list(1, 2), .list(3)], gives: .list()), "spreads a tensor"),
  (Case("Add", [.list(1, 2), .list(1, 2, 3)], gives: .list()), "combines tensors"),
  (Case("Where", [.list(1, 2), .list(1, 2, 3), .scalar(0)], gives: .list()), "chooses"),
  (Case("Slice", [.list(1), .list(0), .list(1), .list(0), .list(0)], gives: .list()), "not 0"),
  (Case("Slice", [.list(1), .list(0), .list(1), .list(5)], gives: .list()), "cuts axes [5]"),
  (Case("Cast", [.numbers(.infinity)], ["to": .integer(7)], gives: .list()), "casts inf"),
  (Case("Cast", [.numbers(0.1)], ["to": .integer(10)], gives: .list()), "has to 10"),
  (Case("ScatterND", [.list(1), .list(0), .list(1, 2)], gives: .list()), "writes a tensor"),
  (Case("Mod", [.list(1), .list(1)], ["fmod": .integer(1)], gives: .list()), "fmod 1"),
  (Case("ReduceSum", [matrix, .list(2)], gives: .list()), "takes place 2 of 2"),
  (Case("CumSum", [.list(1), .list(1)], gives: .list()), "takes place 1 of 1"),
  (Case("Gather", [.list(1)], gives: .list()), "has no input 1"),
]

@Suite("What is computed of constants is what ONNX defines")
struct ConstantEvaluationTests {
  @Test(arguments: cases)
  private func results(_ given: Case) throws {
    let found = try #require(try given.found())
    #expect(found.count >= given.results.count)
    for (tensor, result) in zip(found, given.results) {
      switch result {
      case .integers(let values, let extents):
        #expect(tensor.shape.extents == extents)
        #expect(tensor.integers == values)
      case .floats(let values, let extents):
        #expect(tensor.shape.extents == extents && tensor.integers == nil)
        #expect(
          zip(tensor.floats, values).allSatisfy { $0 == $1 || abs($0 - $1) < 1e-5 || $1.isNaN })
        #expect(tensor.floats.count == values.count)
      }
    }
  }

  @Test(arguments: refusals.indices)
  func refused(_ place: Int) {
    let (given, words) = refusals[place]
    let error = #expect(throws: GradCAMError.self) { try given.found() }
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
  }

  @Test func everyEvaluationHasACase() {
    let names = ConstantEvaluations.all.map(\.operation)
    #expect(Set(names).count == names.count)
    #expect(Set(names) == Set(cases.map(\.operation)))
  }

  /// What is computed of the picture has extents, but no numbers.
  @Test func numbersOfThePictureAreNotKnown() throws {
    let node = GraphNode("Gather", name: "n", inputs: ["x", "i"], outputs: ["y"])
    let inputs = NodeInputs(
      shapes: [Shape([1, 2]), Shape([1])], constants: [nil, GraphConstant(integers: [0])])
    #expect(try ConstantEvaluations.results(of: node, inputs) == nil)
    let shape = GraphNode("Shape", name: "n", inputs: ["x"], outputs: ["y"])
    let extents = try ConstantEvaluations.results(
      of: shape, NodeInputs(shapes: [Shape([1, 2])], constants: [nil]))
    #expect(extents?[0].integers == [1, 2])
  }
}
