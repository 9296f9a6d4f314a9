import GradCAMPPKernelDispatch
import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

@Suite("Fusions equal the steps one by one, bit for bit")
struct FusionTests {
  /// A chain of operators over one input.
  private func results(
    _ operations: [any Operator], _ shape: Shape, _ input: [Float], _ kernels: any KernelSet.Type
  ) throws -> [Float] {
    var (shapes, values) = ([shape], [input])
    for operation in operations {
      values = try OperatorBench(operation: operation, inputShapes: shapes, kernels: kernels)
        .forward(values)
      shapes = try operation.outputShapes(shapes)
    }
    return values[0]
  }

  /// Checks a fusion with a consumer wherever it serves an operator of the table.
  private func check(
    _ fusion: any Fusion.Type, after earlier: [any Operator] = [], with consumer: any Operator,
    atLeast count: Int
  ) throws {
    var served = 0
    for row in OperatorCase.all where row.inputShapes.count == 1 {
      let shapes = row.inputShapes
      var producer: (any Operator)? = row.operation
      for operation in earlier {
        producer = try producer.flatMap {
          try Fusions.fuse(try pair($0, shapes, operation))
        }
      }
      guard let producer, let outputs = try? producer.outputShapes(shapes),
        (try? consumer.outputShapes(outputs)) != nil,
        let fused = try fusion.fuse(try pair(producer, shapes, consumer))
      else { continue }
      served += 1
      var random = RepeatableRandom(seed: 8)
      let input = random.floats(row.inputCount)
      for kernels in KernelDispatch.all where kernels.isSupported {
        let steps = try results([row.operation] + earlier + [consumer], shapes[0], input, kernels)
        #expect(
          try results([fused], shapes[0], input, kernels) == steps,
          "\(kernels.name): \(row.testDescription)")
      }
    }
    #expect(served >= count)
  }

  private func pair(
    _ producer: any Operator, _ shapes: [Shape], _ consumer: any Operator
  ) throws -> FusionPair {
    FusionPair(
      producer: producer, producerInputs: shapes, consumer: consumer,
      consumerInputs: try producer.outputShapes(shapes), place: 0)
  }

  @Test func activation() throws {
    let rows = ConvolutionCases.rows.count + DenseCases.rows.count
    try check(ActivationFusion.self, with: ReLU(), atLeast: rows)
  }

  @Test func pooling() throws {
    try check(
      PoolingFusion.self, after: [ReLU()], with: MaxPooling(kernel: [2, 2], stride: [2, 2]),
      atLeast: 3)
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
