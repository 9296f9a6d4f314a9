import Glibc
import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

@Suite("Targets are weights over the output")
struct TargetTests {
  private static let softmax = OutputDescription(kind: .classes(.softmax), shape: Shape([5]))
  private static let sigmoid = OutputDescription(kind: .classes(.sigmoid), shape: Shape([5]))
  private static let vector = OutputDescription(kind: .vector, shape: Shape([5]))
  private static let map = OutputDescription(kind: .map, shape: Shape([2, 3, 4]))

  /// A target with an output that it is for, and its score once more, from its definition.
  struct Row: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let kind: String
    let arguments: TargetArguments
    let output: OutputDescription
    let score: @Sendable ([Double]) -> Double
  }

  static let rows: [Row] = [
    Row(
      testDescription: "logit", kind: "logit", arguments: TargetArguments(classes: [3]),
      output: softmax, score: { $0[3] }),
    Row(
      testDescription: "not", kind: "not", arguments: TargetArguments(classes: [0]),
      output: sigmoid, score: { -$0[0] }),
    Row(
      testDescription: "difference", kind: "difference",
      arguments: TargetArguments(classes: [1, 4], others: [2]), output: softmax,
      score: { $0[1] + $0[4] - $0[2] }),
    Row(
      testDescription: "probability of softmax", kind: "probability",
      arguments: TargetArguments(classes: [2]), output: softmax,
      score: { values in exp(values[2]) / values.reduce(0) { $0 + exp($1) } }),
    Row(
      testDescription: "probability of sigmoid", kind: "probability",
      arguments: TargetArguments(classes: [2]), output: sigmoid,
      score: { 1 / (1 + exp(-$0[2])) }),
    Row(
      testDescription: "output of classes", kind: "output",
      arguments: TargetArguments(weights: [1, 0, -2, 0.5, 0]), output: softmax,
      score: { $0[0] - 2 * $0[2] + 0.5 * $0[3] }),
    Row(
      testDescription: "output of a vector", kind: "output",
      arguments: TargetArguments(weights: [0, 0, 0, 0, 3]), output: vector,
      score: { 3 * $0[4] }),
    Row(
      testDescription: "mask", kind: "mask",
      arguments: TargetArguments(classes: [1], weights: [0, 1, 0, 0.5, 0, 0]), output: map,
      score: { $0[1 * 4 + 1] + 0.5 * $0[3 * 4 + 1] }),
  ]

  @Test("every kind of the list has a row")
  func everyKindHasARow() {
    #expect(Set(Self.rows.map(\.kind)) == Set(Targets.all.map { $0.name }))
  }

  @Test("score and derivative equal the definition and its differences", arguments: rows)
  func derivative(row: Row) throws {
    let target = try Targets.named(row.kind, row.arguments, row.output)
    for (seed, size) in [(UInt64(1), Float(1)), (2, 20)] {
      var random = RepeatableRandom(seed: seed)
      let numbers = random.floats(row.output.shape.count).map { $0 * size }
      let output = NetworkOutput(kind: row.output.kind, shape: row.output.shape, numbers: numbers)
      let point = numbers.map(Double.init)
      #expect(abs(target.score(output) - row.score(point)) < 1e-9 * (1 + abs(row.score(point))))
      var weights = [Float](repeating: 0, count: numbers.count)
      for entry in target.weights(output).entries { weights[entry.element] += entry.weight }
      let expected = point.indices.map { index in
        var (above, below) = (point, point)
        above[index] += 1e-5
        below[index] -= 1e-5
        return (row.score(above) - row.score(below)) / 2e-5
      }
      expectClose(weights, expected, absolute: 1e-6, relative: 1e-5)
    }
  }

  @Test("probabilities of large logits stay finite and exact")
  func largeLogits() throws {
    let logits: [Float] = [1000, 998, -1000, 0, 999]
    for (output, expected) in [
      (Self.softmax, 1 / (1 + exp(-2.0) + exp(-1.0))), (Self.sigmoid, 1.0),
    ] {
      let target = try Targets.named("probability", TargetArguments(classes: [0]), output)
      let said = NetworkOutput(kind: output.kind, shape: output.shape, numbers: logits)
      #expect(abs(target.score(said) - expected) < 1e-12)
      #expect(target.weights(said).entries.allSatisfy { $0.weight.isFinite })
    }
  }

  /// Requests that a network cannot answer, and a word of the sentence that says why.
  static let refused: [(String, TargetArguments, OutputDescription, GradCAMError.Kind, String)] = [
    ("logit", TargetArguments(classes: [5]), softmax, .classIndex, "0 to 4"),
    ("logit", TargetArguments(classes: [-1]), softmax, .classIndex, "class -1"),
    ("logit", TargetArguments(), softmax, .invalidArgument, "one class"),
    ("logit", TargetArguments(classes: [1], weights: [1]), softmax, .invalidArgument, "1 weights"),
    ("logit", TargetArguments(classes: [0]), vector, .invalidArgument, "vector"),
    ("probability", TargetArguments(classes: [0]), map, .invalidArgument, "mask"),
    ("difference", TargetArguments(classes: [1]), softmax, .invalidArgument, "both sides"),
    ("difference", TargetArguments(classes: [1], others: [1]), softmax, .invalidArgument, "twice"),
    ("output", TargetArguments(weights: [1]), softmax, .invalidArgument, "5 weights"),
    (
      "output", TargetArguments(weights: [0, 0, 0, 0, 0]), softmax, .invalidArgument, "all 0"
    ),
    (
      "output", TargetArguments(weights: [.nan, 0, 0, 0, 0]), softmax, .invalidArgument, "NaN"
    ),
    ("mask", TargetArguments(classes: [1], weights: [1]), map, .invalidArgument, "6 weights"),
    (
      "mask", TargetArguments(classes: [4], weights: [1, 1, 1, 1, 1, 1]), map, .classIndex,
      "class 4"
    ),
    ("mask", TargetArguments(classes: [1], weights: [1]), softmax, .invalidArgument, "map"),
    ("logits", TargetArguments(classes: [1]), softmax, .invalidArgument, "logit, not"),
  ]

  @Test("what a network does not have is refused by name", arguments: refused.indices)
  func refusals(index: Int) {
    let (kind, arguments, output, failure, word) = Self.refused[index]
    let error = #expect(throws: GradCAMError.self) {
      try Targets.named(kind, arguments, output)
    }
    #expect(error?.kind == failure)
    #expect(error?.message.contains(word) == true, "\(error?.message ?? "")")
  }

  @Test("a map of any target is that of its weighted logits")
  func explained() throws {
    let model = try SmallVGG().model()
    let picture = try SmallVGG.picture(height: 20, width: 16)
    let logits = try model.activations(picture, layer: "fc4").elements
    for row in Self.rows where row.output.kind != .map && row.output.kind != .vector {
      // Seven classes here; the row's arguments serve five and more.
      var arguments = row.arguments
      if !arguments.weights.isEmpty { arguments.weights += [0, 0] }
      var options = ExplainOptions()
      options.targets = [TargetRequest(kind: row.kind, arguments)]
      let parts = try model.explain(picture, options)[0].parts
      let target = try Targets.named(row.kind, arguments, model.network.outputDescription)
      let output = model.network.output(logits)
      #expect(parts.targetKind == row.kind)
      #expect(parts.score == target.score(output))
      #expect(parts.target?.index == target.classIndex)
      let gradient = try model.gradients(
        picture, layer: "conv2_1", target: TargetRequest(kind: row.kind, arguments)
      ).elements
      var expected = gradient.map { _ in 0.0 }
      for entry in target.weights(output).entries {
        let one = try model.gradients(
          picture, layer: "conv2_1", target: TargetRequest(classIndex: entry.element)
        ).elements
        for index in one.indices { expected[index] += Double(entry.weight * one[index]) }
      }
      let size = expected.map(abs).max() ?? 0
      expectClose(gradient, expected, absolute: 1e-5 * size)
    }
  }
}
