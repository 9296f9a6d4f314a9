import GradCAMPPKernelDispatch
import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

@Suite("Fusions equal the steps one by one, bit for bit")
struct FusionTests {
  /// Checks that an operator of the table and what follows become one wherever the fusions say so.
  ///
  /// `following` gives the consumers, one behind the other, for what the operator computes.
  private func check(
    atLeast count: Int, _ following: (Shape) -> [any Operator]
  ) throws {
    var served = 0
    for row in OperatorCase.all {
      let outputs = try row.operation.outputShapes(row.inputShapes)
      guard outputs.count == 1, let chain = try chain(row, following(outputs[0])) else { continue }
      served += 1
      var random = RepeatableRandom(seed: 8)
      let inputs = chain.fusedInputs.map { random.floats($0.count) }
      for kernels in KernelDispatch.all where kernels.isSupported {
        var values: [[Float]] = []
        var others = inputs[...]
        for (operation, shapes) in chain.steps {
          let bench = OperatorBench(operation: operation, inputShapes: shapes, kernels: kernels)
          let more = others.prefix(shapes.count - values.count)
          others = others.dropFirst(more.count)
          values = try bench.forward(values + more)
        }
        let bench = OperatorBench(
          operation: chain.fused, inputShapes: chain.fusedInputs, kernels: kernels)
        let found = try bench.forward(inputs)[0]
        #expect(
          found.count == values[0].count
            && zip(found, values[0]).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) },
          "\(kernels.name): \(row.testDescription), \(following(outputs[0]).map(\.kind))")
      }
    }
    #expect(served >= count)
  }

  /// Operators one behind the other, and the one that they become.
  private struct Chain {
    var steps: [(operation: any Operator, inputs: [Shape])]
    var fused: any Operator
    var fusedInputs: [Shape]
  }

  private func chain(_ row: OperatorCase, _ consumers: [any Operator]) throws -> Chain? {
    var chain = Chain(
      steps: [(row.operation, row.inputShapes)], fused: row.operation,
      fusedInputs: row.inputShapes)
    for consumer in consumers {
      let (last, inputs) = chain.steps[chain.steps.count - 1]
      let outputs = try last.outputShapes(inputs)
      let shapes = consumer is Addition ? [outputs[0], outputs[0]] : outputs
      guard (try? consumer.outputShapes(shapes)) != nil,
        let fused = try Fusions.fuse(
          FusionPair(
            producer: chain.fused, producerInputs: chain.fusedInputs, consumer: consumer,
            consumerInputs: shapes, place: 0))
      else { return nil }
      chain.fused = fused
      chain.fusedInputs += shapes.dropFirst()
      chain.steps.append((consumer, shapes))
    }
    return chain
  }

  /// Rows whose operators carry any epilogue.
  private let carriers = ConvolutionCases.rows.count + DenseCases.rows.count

  @Test func activation() throws {
    try check(atLeast: carriers + ChannelAffineCases.rows.count) { _ in [ReLU()] }
    for function in ElementFunction.examples {
      try check(atLeast: carriers) { _ in [ElementActivation(function)] }
    }
  }

  @Test("a residual, then an activation") func residual() throws {
    try check(atLeast: carriers) { _ in [Addition()] }
    let activations: [any Operator] = [
      ReLU(), ElementActivation(.boundedRectifier(upper: 6)), ElementActivation(.silu(factor: 1)),
    ]
    for activation in activations {
      try check(atLeast: carriers) { _ in [Addition(), activation] }
    }
  }

  @Test("parts of the channels, scaled, then an activation") func joining() throws {
    var random = RepeatableRandom(seed: 9)
    let numbers = random.floats(512)
    func scaling(_ shape: Shape) -> ChannelAffine {
      let factors = numbers.prefix(shape.channels)
      return ChannelAffine(factors: Array(factors), offsets: factors.reversed())
    }
    try check(atLeast: 2) { [scaling($0)] }
    try check(atLeast: 2) { [scaling($0), ReLU()] }
  }

  @Test func pooling() throws {
    try check(atLeast: 3) { _ in [ReLU(), MaxPooling(kernel: [2, 2], stride: [2, 2])] }
  }

  private func pair(
    _ producer: any Operator, _ shapes: [Shape], _ consumer: any Operator
  ) throws -> FusionPair {
    FusionPair(
      producer: producer, producerInputs: shapes, consumer: consumer,
      consumerInputs: try producer.outputShapes(shapes), place: 0)
  }

  @Test("pooling of other windows, or before an activation, stays a step of its own")
  func refused() throws {
    let row = try #require(
      ConvolutionCases.rows.first { $0.testDescription.hasPrefix("convolution 1x8x8x16 ") })
    let shapes = row.inputShapes
    let plain = try pair(row.operation, shapes, MaxPooling(kernel: [2, 2], stride: [2, 2]))
    #expect(try Fusions.fuse(plain) == nil)
    let rectified = try #require(try Fusions.fuse(try pair(row.operation, shapes, ReLU())))
    let pooling = MaxPooling(kernel: [3, 3], stride: [2, 2])
    #expect(try Fusions.fuse(try pair(rectified, shapes, pooling)) == nil)
    #expect(try Fusions.fuse(try pair(rectified, shapes, ReLU())) == nil)
  }

  @Test("a plan fuses along the graph, not along the list")
  func alongTheGraph() throws {
    var random = RepeatableRandom(seed: 5)
    func convolution(_ name: String) throws -> Convolution {
      let weights = WeightArray(try Tensor(Shape([3, 3, 4, 4]), random.floats(144)))
      return Convolution(
        layer: name, weights: weights, biases: random.floats(4), stride: [1, 1], dilation: [1, 1])
    }
    var builder = NetworkBuilder(inputShape: Shape([1, 5, 6, 4]))
    // Both branches' convolutions stand before both activations.
    let left = try builder.add(convolution("left"), builder.input)
    let right = try builder.add(convolution("right"), builder.input)
    let rectifiedRight = try builder.add(ReLU(), right)
    let rectifiedLeft = try builder.add(ReLU(), left)
    let sum = try builder.add(Addition(), rectifiedLeft, rectifiedRight)
    let flat = try builder.add(Flatten(), sum)
    let network = builder.build(output: flat, kind: .vector)
    var planner = try PlanBuilder(
      network: network, request: PlanRequest(inputShape: network.inputShape))
    // One convolution, and the other with activation.
    #expect(try planner.build().forward.count == 3)
    // Whoever asks for the tensor between gets a plan without that fusion, and the same numbers.
    let runner = NetworkRunner(network)
    let input = random.floats(network.inputShape.count)
    let fused = try runner.everything(input).output
    let asked = try runner.everything(input, recorded: [left])
    #expect(asked.output == fused)
    #expect(asked.activations[0].elements.contains { $0 < 0 })
  }
}
