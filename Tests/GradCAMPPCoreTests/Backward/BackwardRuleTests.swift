import GradCAMPPKernelDispatch
import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

@Suite("Backward rules")
struct BackwardRuleTests {
  @Test("names are unique")
  func names() {
    #expect(Set(BackwardRules.all.map { $0.name }).count == BackwardRules.all.count)
  }

  @Test(
    "the guided rule passes positive gradients of positive outputs only",
    arguments: OperatorTests.tiers)
  func guided(tier: String) throws {
    let kernels = try #require(KernelDispatch.all.first { $0.name == tier })
    let bench = OperatorBench(
      operation: ReLU(), inputShapes: [Shape([1, 6])], kernels: kernels)
    let output: [Float] = [0, 0, 1, 2, 3, 0]
    let outputGradient: [Float] = [1, -1, 5, -5, 0, 0]
    #expect(
      try bench.gradient([outputGradient], inputs: [], outputs: [output], rule: .guided)
        == [[0, 0, 5, 0, 0, 0]])
    #expect(
      try bench.gradient([outputGradient], inputs: [], outputs: [output], rule: .gradient)
        == [[0, 0, 5, -5, 0, 0]])
  }

  @Test("the deconvolution rule passes what is positive", arguments: OperatorTests.tiers)
  func deconvolution(tier: String) throws {
    let kernels = try #require(KernelDispatch.all.first { $0.name == tier })
    for operation: any Operator in [ReLU(), ElementActivation(.boundedRectifier(upper: 6))] {
      let bench = OperatorBench(
        operation: operation, inputShapes: [Shape([1, 6])], kernels: kernels)
      #expect(
        try bench.gradient(
          [[1, -1, 5, -5, 2, 0]], inputs: [], outputs: [[0, 0, 1, 2, 6, 5]], rule: .deconvolution)
          == [[1, 0, 5, 0, 2, 0]])
    }
  }

  @Test("the guided rule of a bounded rectifier", arguments: OperatorTests.tiers)
  func guidedBound(tier: String) throws {
    let kernels = try #require(KernelDispatch.all.first { $0.name == tier })
    let bench = OperatorBench(
      operation: ElementActivation(.boundedRectifier(upper: 6)), inputShapes: [Shape([1, 6])],
      kernels: kernels)
    #expect(
      try bench.gradient(
        [[1, -1, 5, -5, 2, 3]], inputs: [], outputs: [[0, 0, 1, 2, 6, 5]], rule: .guided)
        == [[0, 0, 5, 0, 0, 3]])
  }

  @Test(
    "the guided rule is the gradient for all that is no activation",
    arguments: OperatorTests.smallRows)
  func guidedElsewhere(row: OperatorCase) throws {
    guard !(row.operation is any Activation) else { return }
    var random = RepeatableRandom(seed: 14)
    let inputs = row.inputs { random.floats($0) }
    let bench = OperatorBench(
      operation: row.operation, inputShapes: row.inputShapes, kernels: KernelDispatch.active)
    let outputs = try bench.forward(inputs)
    let gradients = outputs.map { random.floats($0.count) }
    #expect(
      try bench.gradient(gradients, inputs: inputs, outputs: outputs, rule: .guided)
        == bench.gradient(gradients, inputs: inputs, outputs: outputs, rule: .gradient))
  }

  @Test("rectifiers are ReLU and those with a bound")
  func rectifiers() {
    let found = OperatorCase.all.map(\.operation).compactMap { $0 as? any Activation }
      .filter(\.isRectifier)
    #expect(Set(found.map(\.kind)) == ["ReLU", "ReLU6", "bounded ReLU"])
  }

  /// An activation that is no rectifier.
  private struct Square: Activation {
    var kind: String { "square" }
    var epilogue: Epilogue.Activation? { nil }
    var isRectifier: Bool { false }
    func outputShapes(_ inputs: [Shape]) throws(GradCAMError) -> [Shape] { inputs }
    func forward(_ slots: ForwardSlots, in run: Run) throws(GradCAMError) {}
    func gradient(_ slots: GradientSlots, in run: Run) throws(GradCAMError) {}
  }

  @Test("the guided rule is refused for smooth activations, whose name it says")
  func smooth() {
    let error = #expect(throws: GradCAMError.self) {
      try GuidedRule().step(through: Square())
    }
    #expect(error?.kind == .invalidArgument)
    #expect(error?.message.contains("square") == true)
  }
}
