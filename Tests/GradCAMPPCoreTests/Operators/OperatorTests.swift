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
      OperatorBench(operation: operation, inputShapes: row.inputShapes, kernels: try kernels($0))
    }
  }

  @Test("every operator of the list has rows, each with a twin")
  func everyOperatorHasRows() {
    let listed = Set(Operators.all.map { ObjectIdentifier($0) })
    #expect(listed.count == Operators.all.count)
    #expect(Set(OperatorCases.all.map { ObjectIdentifier($0.operation) }) == listed)
    for file in OperatorCases.all {
      #expect(!file.rows.isEmpty)
      #expect(file.rows.allSatisfy { type(of: $0.operation) == file.operation }, "\(file)")
    }
  }

  @Test("tensors of more axes than are counted are not combined")
  func axesOfArithmetic() throws {
    let most = Shape([1, 2, 1, 2, 1, 2, 1, 2])
    #expect(try Arithmetic(.add).outputShapes([most, most]) == [most])
    let more = Shape(most.extents + [1])
    let error = #expect(throws: GradCAMError.self) {
      try Arithmetic(.add).outputShapes([more, more])
    }
    #expect(
      error?.message == "tensors of 9 axes cannot be combined; at most 8 are expected")
  }

  @Test("forward equals the twin", arguments: OperatorCase.all)
  func forward(row: OperatorCase) throws {
    var random = RepeatableRandom(seed: 7)
    let inputs = row.inputs { random.floats($0) }
    let expected = row.twin(inputs.map { $0.map(Double.init) }, row.inputShapes)
    let rounding = 1e-5 * (1 + (expected.joined().map(abs).max() ?? 0))
    for bench in try benches(row, row.operation) {
      let outputs = try bench.forward(inputs)
      #expect(outputs.count == expected.count)
      for (output, expected) in zip(outputs, expected) {
        expectClose(output, expected, absolute: rounding, bench.kernels.name)
      }
    }
  }

  /// Rows whose twin is fast enough to be run again and again.
  static let smallRows = OperatorCase.all.filter { $0.inputCount <= 900 }

  @Test("gradients equal finite differences of the twin", arguments: smallRows)
  func gradient(row: OperatorCase) throws {
    var random = RepeatableRandom(seed: 9)
    let inputs = row.inputs { random.spacedFloats($0) }
    let point = inputs.map { $0.map(Double.init) }
    let outputGradients = row.twin(point, row.inputShapes).map { random.floats($0.count) }
    let step = 0.2 / Double(row.inputCount)
    let places = inputs.enumerated().flatMap { input, numbers in
      numbers.indices.map { (input: input, index: $0) }
    }
    let disturbed = places.shuffled(using: &random).prefix(30)
    let expected = disturbed.map { place in
      var (above, below) = (point, point)
      above[place.input][place.index] += step
      below[place.input][place.index] -= step
      let difference = zip(
        row.twin(above, row.inputShapes).joined(), row.twin(below, row.inputShapes).joined())
      return zip(difference, outputGradients.joined()).reduce(0) { sum, pair in
        sum + (pair.0.0 - pair.0.1) / (2 * step) * Double(pair.1)
      }
    }
    for bench in try benches(row, row.operation) {
      let actual = try bench.gradient(
        outputGradients, inputs: inputs, outputs: try bench.forward(inputs))
      expectClose(
        disturbed.map { actual[$0.input]?[$0.index] ?? .nan }, expected, absolute: 1e-4,
        relative: 1e-4, bench.kernels.name)
    }
  }

  @Test("what is not wanted or not there changes nothing else", arguments: smallRows)
  func partialGradients(row: OperatorCase) throws {
    var random = RepeatableRandom(seed: 12)
    let inputs = row.inputs { random.floats($0) }
    let bench = OperatorBench(
      operation: row.operation, inputShapes: row.inputShapes, kernels: KernelDispatch.active)
    let outputs = try bench.forward(inputs)
    let gradients = outputs.map { random.floats($0.count) }
    let whole = try bench.gradient(gradients, inputs: inputs, outputs: outputs)
    for wanted in inputs.indices {
      let one = try bench.gradient(gradients, inputs: inputs, outputs: outputs, wanted: [wanted])
      #expect(one == inputs.indices.map { $0 == wanted ? whole[$0] : nil })
    }
    guard outputs.count > 1 else { return }
    for missing in outputs.indices {
      let zeros = gradients.indices.map {
        $0 == missing ? gradients[$0].map { _ in 0 } : gradients[$0]
      }
      let absent = gradients.indices.map { $0 == missing ? nil : gradients[$0] }
      #expect(
        try bench.gradient(absent, inputs: inputs, outputs: outputs)
          == bench.gradient(zeros, inputs: inputs, outputs: outputs))
    }
  }

  @Test("an operator is linear exactly when it says so", arguments: OperatorCase.all)
  func linearity(row: OperatorCase) throws {
    var random = RepeatableRandom(seed: 11)
    let (left, right) = (row.inputs { random.floats($0) }, row.inputs { random.floats($0) })
    let bench = OperatorBench(
      operation: row.operation, inputShapes: row.inputShapes, kernels: KernelDispatch.active)
    /// All outputs for a combination of the two.
    func outputs(_ a: Float, _ b: Float) throws -> [Double] {
      let inputs = zip(left, right).map { zip($0, $1).map { a * $0 + b * $1 } }
      return try bench.forward(inputs).joined().map(Double.init)
    }
    let zero = try outputs(0, 0)
    let (one, other) = (try outputs(1, 0), try outputs(0, 1))
    let sum = try outputs(1, -2)
    let size = 1e-4 * (1 + (one + other).reduce(0) { max($0, abs($1)) })
    let isLinear = sum.indices.allSatisfy { index in
      let expected = one[index] - 2 * other[index] + 2 * zero[index]
      return abs(sum[index] - expected) <= size
    }
    #expect(isLinear == row.operation.isLinear)
    guard isLinear else { return }
    #expect(row.operation.gradientNeeds == .nothing)
    // The gradient is the adjoint: <y(x) - y(0), g> = <x, g'>.
    let outputGradients = try bench.forward(left).map { random.floats($0.count) }
    let arriving = outputGradients.joined().map(Double.init)
    let adjoint = one.indices.reduce(0) { $0 + (one[$1] - zero[$1]) * arriving[$1] }
    for bench in try benches(row, row.operation) {
      let gradients = try bench.gradient(outputGradients, inputs: left, outputs: [])
      let terms = zip(gradients.compactMap { $0 }.joined(), left.joined()).map {
        Double($0) * Double($1)
      }
      let size = terms.reduce(0) { $0 + abs($1) }
      #expect(
        abs(adjoint - terms.reduce(0, +)) <= 1e-5 * size + 1e-6, "\(bench.kernels.name)")
    }
  }

  @Test("a view is its input's memory", arguments: OperatorCase.all)
  func views(row: OperatorCase) throws {
    guard row.operation.isView else { return }
    let shapes = try row.operation.outputShapes(row.inputShapes)
    #expect(row.inputShapes.count == 1 && shapes.count == 1)
    #expect(shapes[0].count == row.inputShapes[0].count)
    var random = RepeatableRandom(seed: 13)
    let input = random.floats(row.inputCount)
    for bench in try benches(row, row.operation) {
      #expect(try bench.forward([input]) == [input])
      #expect(try bench.gradient([input], inputs: [], outputs: []) == [input])
    }
  }

  @Test("ties of a window go to its first cell", arguments: tiers)
  func ties(tier: String) throws {
    let shape = Shape([1, 4, 4, 9])
    let bench = OperatorBench(
      operation: MaxPooling(kernel: [2, 2], stride: [2, 2]), inputShapes: [shape],
      kernels: try kernels(tier))
    let input = [Float](repeating: 0, count: shape.count)
    let outputGradient = (0..<36).map { Float($0 + 1) }
    let gradient = try bench.gradient(
      [outputGradient], inputs: [input], outputs: [[Float](repeating: 0, count: 36)])
    let expected = everyIndex(shape.extents).map { index -> Float in
      guard index[1] % 2 == 0, index[2] % 2 == 0 else { return 0 }
      return outputGradient[position([index[1] / 2, index[2] / 2, index[3]], in: [2, 2, 9])]
    }
    #expect(gradient == [expected])
  }

  @Test("the same bytes for one thread and for all", arguments: OperatorCase.all)
  func threads(row: OperatorCase) throws {
    var random = RepeatableRandom(seed: 10)
    let inputs = row.inputs { random.floats($0) }
    let bench = OperatorBench(
      operation: row.operation, inputShapes: row.inputShapes, kernels: KernelDispatch.active)
    defer { ThreadPool.shared.setThreadCount(nil) }
    ThreadPool.shared.setThreadCount(1)
    let alone = try bench.forward(inputs)
    let aloneGradient = try bench.gradient(alone, inputs: inputs, outputs: alone)
    ThreadPool.shared.setThreadCount(ThreadPool.shared.limit)
    #expect(try bench.forward(inputs) == alone)
    #expect(try bench.gradient(alone, inputs: inputs, outputs: alone) == aloneGradient)
  }

  @Test("shapes that do not fit are refused with both shapes named")
  func wrongShapes() throws {
    let convolution = try #require(ConvolutionCases.rows.first)
    let wrong = #expect(throws: GradCAMError.self) {
      try convolution.operation.outputShapes([Shape([1, 5, 5, 7])])
    }
    #expect(wrong?.kind == .badData)
    #expect(wrong?.message.contains("3 channels") == true)
    #expect(wrong?.message.contains("5x5x7") == true)
    let pooling = MaxPooling(
      kernel: [3, 3], stride: [1, 1], padding: .explicit(before: [0, 0], behind: [0, 0]))
    #expect(throws: GradCAMError.self) { try pooling.outputShapes([Shape([1, 2, 2, 1])]) }
    let (small, large) = (Shape([1, 2, 3]), Shape([1, 3, 2]))
    for (operation, shapes) in [
      (Addition() as any Operator, [small, large]), (Concatenation(axis: 1), [small, large]),
      (Concatenation(axis: 3), [small]), (Split(axis: 2, counts: [1, 1]), [small]),
      (Split(axis: 5, counts: [1]), [small]), (Reshaping(to: Shape([5])), [small]),
      (ChannelAffine(factors: [1, 1], offsets: [0, 0]), [small]),
      (GroupNormalization(groups: 1, factors: [1, 1], offsets: [0, 0], epsilon: 0), [small]),
      (AxisResampling("padding", [(1, .padding(3, before: 1, behind: 0, .edge))]), [small]),
      (BlockRearrangement(.spaceToDepth, block: 1), [small]),
      (PowerPooling(power: 2, kernel: [1, 1], stride: [1, 1]), [small]),
    ] {
      let error = #expect(throws: GradCAMError.self) { try operation.outputShapes(shapes) }
      #expect(error?.message.contains("2x3") == true)
    }
  }

  @Test("a NaN weight is an error that names its layer")
  func notANumber() throws {
    let weights = WeightArray(try Tensor(Shape([1, 1, 1, 2]), [1, .nan]))
    let convolution = Convolution(
      layer: "conv9_9", weights: weights, biases: [0, 0], stride: [1, 1], dilation: [1, 1])
    let bench = OperatorBench(
      operation: convolution, inputShapes: [Shape([1, 2, 2, 1])], kernels: KernelDispatch.active)
    let error = #expect(throws: GradCAMError.self) { try bench.forward([[1, 2, 3, 4]]) }
    #expect(error?.message.contains("conv9_9") == true)
  }
}
