import GradCAMPPKernelDispatch
import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

@Suite("Fusions equal the steps one by one, bit for bit")
struct FusionTests {
  /// Checks that an operator of the table and what follows become one wherever the fusions say so.
  private func check(_ consumers: [any Operator], atLeast count: Int) throws {
    var served = 0
    for row in OperatorCase.all where row.inputShapes.count == 1 {
      var chain: [(operation: any Operator, inputs: [Shape])] = [(row.operation, row.inputShapes)]
      var fused: (any Operator)? = row.operation
      var fusedInputs = row.inputShapes
      for consumer in consumers {
        let (last, inputs) = chain[chain.count - 1]
        guard let outputs = try? last.outputShapes(inputs), outputs.count == 1 else { break }
        let shapes = consumer is Addition ? [outputs[0], outputs[0]] : outputs
        guard (try? consumer.outputShapes(shapes)) != nil, let producer = fused else { break }
        fused = try Fusions.fuse(
          FusionPair(
            producer: producer, producerInputs: fusedInputs, consumer: consumer,
            consumerInputs: shapes, place: 0))
        fusedInputs += shapes.dropFirst()
        chain.append((consumer, shapes))
      }
      guard let fused, chain.count == consumers.count + 1 else { continue }
      served += 1
      var random = RepeatableRandom(seed: 8)
      let inputs = fusedInputs.map { random.floats($0.count) }
      for kernels in KernelDispatch.all where kernels.isSupported {
        var (values, others) = (inputs[0], inputs[1...])
        for (operation, shapes) in chain {
          let bench = OperatorBench(operation: operation, inputShapes: shapes, kernels: kernels)
          values = try bench.forward([values] + others.prefix(shapes.count - 1))[0]
          others = others.dropFirst(shapes.count - 1)
        }
        let bench = OperatorBench(operation: fused, inputShapes: fusedInputs, kernels: kernels)
        let found = try bench.forward(inputs)[0]
        #expect(
          found.count == values.count
            && zip(found, values).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) },
          "\(kernels.name): \(row.testDescription), \(consumers.map(\.kind))")
      }
    }
    #expect(served >= count)
  }

  /// Rows whose operators carry an epilogue.
  private let carriers = ConvolutionCases.rows.count + DenseCases.rows.count

  @Test func activation() throws {
    try check([ReLU()], atLeast: carriers)
    for function in ElementFunction.examples {
      try check([ElementActivation(function)], atLeast: carriers)
    }
  }

  @Test("a residual, then an activation") func residual() throws {
    try check([Addition()], atLeast: carriers)
    try check([Addition(), ReLU()], atLeast: carriers)
    try check([Addition(), ElementActivation(.boundedRectifier(upper: 6))], atLeast: carriers)
    try check([Addition(), ElementActivation(.silu(factor: 1))], atLeast: carriers)
  }

  @Test func pooling() throws {
    try check([ReLU(), MaxPooling(kernel: [2, 2], stride: [2, 2])], atLeast: 3)
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
