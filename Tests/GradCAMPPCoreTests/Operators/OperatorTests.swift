import GradCAMPPKernelDispatch
import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

@Suite("Operators against their slow twins")
struct OperatorTests {
  static let tiers = KernelDispatch.all.filter { $0.isSupported }.map { $0.name }

  private func kernels(_ name: String) throws -> any KernelSet.Type {
    try #require(KernelDispatch.all.first { $0.name == name })
  }

  /// The row's operator on every tier that this processor has.
  private func benches(_ row: OperatorCase, _ operation: any Operator) throws -> [OperatorBench] {
    try Self.tiers.map {
      OperatorBench(operation: operation, inputShape: row.inputShape, kernels: try kernels($0))
    }
  }

  @Test("forward equals the twin, alone and fused with ReLU", arguments: OperatorCase.all)
  func forward(row: OperatorCase) throws {
    var random = RepeatableRandom(seed: 7)
    let input = random.floats(row.inputShape.count)
    let expected = row.twin(input.map(Double.init), row.inputShape)
    let rounding = 1e-5 * (1 + (expected.map(abs).max() ?? 0))
    for bench in try benches(row, row.operation) {
      expectClose(try bench.forward(input), expected, absolute: rounding, bench.kernels.name)
    }
    guard let rectified = try row.operation.fused(with: ReLU(), [row.inputShape]) else { return }
    for bench in try benches(row, rectified) {
      expectClose(
        try bench.forward(input), expected.map { max($0, 0) }, absolute: rounding,
        bench.kernels.name)
    }
  }

  @Test("a convolution that rectifies and pools equals three steps, bit for bit", arguments: tiers)
  func pooled(tier: String) throws {
    let pooling = MaxPooling(kernel: [2, 2], stride: [2, 2])
    var count = 0
    for row in OperatorCase.all {
      var random = RepeatableRandom(seed: 8)
      let input = random.floats(row.inputShape.count)
      guard let rectified = try row.operation.fused(with: ReLU(), [row.inputShape]),
        let pooled = try rectified.fused(with: pooling, [row.inputShape])
      else { continue }
      count += 1
      let kernels = try kernels(tier)
      let whole = try OperatorBench(
        operation: rectified, inputShape: row.inputShape, kernels: kernels
      ).forward(input)
      let steps = OperatorBench(
        operation: pooling, inputShape: try rectified.outputShape([row.inputShape]),
        kernels: kernels)
      let fused = OperatorBench(operation: pooled, inputShape: row.inputShape, kernels: kernels)
      #expect(try fused.forward(input) == steps.forward(whole), "\(row.testDescription)")
    }
    #expect(count >= 3)
  }

  /// Rows whose twin is fast enough to be run again and again.
  static let smallRows = OperatorCase.all.filter { $0.inputShape.count <= 900 }

  @Test("gradient equals finite differences of the twin", arguments: smallRows)
  func gradient(row: OperatorCase) throws {
    var random = RepeatableRandom(seed: 9)
    let input = random.spacedFloats(row.inputShape.count)
    let point = input.map(Double.init)
    let output = row.twin(point, row.inputShape)
    let outputGradient = random.floats(output.count)
    let step = 0.2 / Double(input.count)
    let disturbed = point.indices.shuffled(using: &random).prefix(30)
    let expected = disturbed.map { index in
      var (above, below) = (point, point)
      above[index] += step
      below[index] -= step
      let difference = zip(row.twin(above, row.inputShape), row.twin(below, row.inputShape))
      return zip(difference, outputGradient).reduce(0) { sum, pair in
        sum + (pair.0.0 - pair.0.1) / (2 * step) * Double(pair.1)
      }
    }
    for bench in try benches(row, row.operation) {
      let actual = try bench.gradient(
        outputGradient, input: input, output: try bench.forward(input))
      expectClose(
        disturbed.map { actual[$0] }, expected, absolute: 1e-4, relative: 1e-4, bench.kernels.name)
    }
  }

  @Test("the gradient of a linear operator is its adjoint", arguments: OperatorCase.all)
  func adjoint(row: OperatorCase) throws {
    guard row.operation is Convolution || row.operation is Dense else { return }
    var random = RepeatableRandom(seed: 11)
    let input = random.floats(row.inputShape.count)
    let zero = [Double](repeating: 0, count: input.count)
    let (values, biases) = (
      row.twin(input.map(Double.init), row.inputShape), row.twin(zero, row.inputShape)
    )
    let outputGradient = random.floats(values.count)
    let left = values.indices.reduce(0) {
      $0 + (values[$1] - biases[$1]) * Double(outputGradient[$1])
    }
    for bench in try benches(row, row.operation) {
      let gradient = try bench.gradient(
        outputGradient, input: input, output: [Float](repeating: 0, count: values.count))
      let terms = zip(gradient, input).map { Double($0) * Double($1) }
      let (right, size) = (terms.reduce(0, +), terms.reduce(0) { $0 + abs($1) })
      #expect(abs(left - right) <= 1e-5 * size, "\(bench.kernels.name): \(left) is not \(right)")
    }
  }

  @Test("ties of a window go to its first cell", arguments: tiers)
  func ties(tier: String) throws {
    let shape = Shape([1, 4, 4, 9])
    let bench = OperatorBench(
      operation: MaxPooling(kernel: [2, 2], stride: [2, 2]), inputShape: shape,
      kernels: try kernels(tier))
    let input = [Float](repeating: 0, count: shape.count)
    let outputGradient = (0..<36).map { Float($0 + 1) }
    let gradient = try bench.gradient(
      outputGradient, input: input, output: [Float](repeating: 0, count: 36))
    let expected = everyIndex(shape.extents).map { index -> Float in
      guard index[1] % 2 == 0, index[2] % 2 == 0 else { return 0 }
      return outputGradient[position([index[1] / 2, index[2] / 2, index[3]], in: [2, 2, 9])]
    }
    #expect(gradient == expected)
  }

  @Test("the guided rule passes positive gradients of positive outputs only", arguments: tiers)
  func guided(tier: String) throws {
    let bench = OperatorBench(
      operation: ReLU(), inputShape: Shape([1, 6]), kernels: try kernels(tier))
    let output: [Float] = [0, 0, 1, 2, 3, 0]
    let outputGradient: [Float] = [1, -1, 5, -5, 0, 0]
    let input: [Float] = [-1, -1, 1, 2, 3, 0]
    #expect(
      try bench.gradient(outputGradient, input: input, output: output, rule: .guided)
        == [0, 0, 5, 0, 0, 0])
    #expect(
      try bench.gradient(outputGradient, input: input, output: output, rule: .gradient)
        == [0, 0, 5, -5, 0, 0])
  }

  @Test("the same bytes for one thread and for all", arguments: OperatorCase.all)
  func threads(row: OperatorCase) throws {
    var random = RepeatableRandom(seed: 10)
    let input = random.floats(row.inputShape.count)
    let bench = OperatorBench(
      operation: row.operation, inputShape: row.inputShape, kernels: KernelDispatch.active)
    defer { ThreadPool.shared.setThreadCount(nil) }
    ThreadPool.shared.setThreadCount(1)
    let alone = try bench.forward(input)
    let aloneGradient = try bench.gradient(alone, input: input, output: alone)
    ThreadPool.shared.setThreadCount(ThreadPool.shared.limit)
    #expect(try bench.forward(input) == alone)
    #expect(try bench.gradient(alone, input: input, output: alone) == aloneGradient)
  }

  @Test("shapes that do not fit are refused with both shapes named")
  func wrongShapes() throws {
    let convolution = try #require(OperatorCase.all.first { $0.operation is Convolution })
    let wrong = #expect(throws: GradCAMError.self) {
      try convolution.operation.outputShape([Shape([1, 5, 5, 7])])
    }
    #expect(wrong?.kind == .badData)
    #expect(wrong?.message.contains("3 channels") == true)
    #expect(wrong?.message.contains("5x5x7") == true)
    let pooling = MaxPooling(
      kernel: [3, 3], stride: [1, 1], padding: .explicit(before: [0, 0], behind: [0, 0]))
    #expect(throws: GradCAMError.self) { try pooling.outputShape([Shape([1, 2, 2, 1])]) }
  }

  @Test("a NaN weight is an error that names its layer")
  func notANumber() throws {
    let weights = WeightArray(try Tensor(Shape([1, 1, 1, 2]), [1, .nan]))
    let convolution = Convolution(
      layer: "conv9_9", weights: weights, biases: [0, 0], stride: [1, 1], dilation: [1, 1])
    let bench = OperatorBench(
      operation: convolution, inputShape: Shape([1, 2, 2, 1]), kernels: KernelDispatch.active)
    let error = #expect(throws: GradCAMError.self) { try bench.forward([1, 2, 3, 4]) }
    #expect(error?.message.contains("conv9_9") == true)
  }
}
