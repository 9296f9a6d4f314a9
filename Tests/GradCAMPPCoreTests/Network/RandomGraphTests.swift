import GradCAMPPKernelDispatch
import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

/// Random graphs of chains, branches, values added to themselves, joined and split tensors, views,
/// values that nobody reads, outputs before the last value.
private struct RandomGraph {
  let network: Network
  let values: [Int]
  let input: [Float]
  /// Those that are defined for all its operators.
  let rules: [any BackwardRule]
  private(set) var forward: [[Float]]

  init(_ random: inout RepeatableRandom) throws {
    var builder = NetworkBuilder(inputShape: Shape([1, 3, 4, 3]))
    var values = [builder.input]
    for _ in 0..<Int.random(in: 2...16, using: &random) {
      values += try Self.add(to: &builder, values, &random)
    }
    self.values = values
    network = builder.build(
      output: Bool.random(using: &random)
        ? values[values.count - 1] : values[Int.random(in: 0..<values.count, using: &random)],
      kind: .vector)
    input = random.floats(network.inputShape.count)
    let nodes = network.nodes
    rules = BackwardRules.all.filter { rule in
      nodes.allSatisfy { (try? rule.step(through: $0.operation)) != nil }
    }
    forward = [input]
    for node in network.nodes {
      let outputs = try bench(node).forward(node.inputs.map { forward[$0] })
      forward += outputs
    }
  }

  /// Adds an operator that some of the values fit; returns what it gives.
  private static func add(
    to builder: inout NetworkBuilder, _ values: [Int], _ random: inout RepeatableRandom
  ) throws -> [Int] {
    let one = values[Int.random(in: 0..<values.count, using: &random)]
    let shape = builder.shape(of: one)
    let alike = values.filter { builder.shape(of: $0) == shape }
    let other = alike[Int.random(in: 0..<alike.count, using: &random)]
    let last = values[values.count - 1]
    switch Int.random(in: 0..<11, using: &random) {
    case 0, 1:
      return try builder.add(
        Addition(), [alike.contains(last) && Bool.random(using: &random) ? last : one, other])
    case 2: return try builder.add(ReLU(), [last])
    case 9:
      let activation = activations.randomElement(using: &random) ?? .sigmoid
      return try builder.add(ElementActivation(activation), [last])
    case 10:
      let channels = builder.shape(of: last).channels
      return try builder.add(
        ChannelAffine(factors: random.floats(channels), offsets: random.floats(channels)), [last])
    case 3: return try builder.add(Flatten(), [one])
    case 4:
      let axis = Int.random(in: 1..<shape.rank, using: &random)
      guard shape[axis] < 40 else { return [] }
      return try builder.add(Concatenation(axis: axis), [one, other])
    case 5:
      let axis = Int.random(in: 1..<shape.rank, using: &random)
      guard shape[axis] > 1 else { return [] }
      let first = Int.random(in: 1..<shape[axis], using: &random)
      return try builder.add(Split(axis: axis, counts: [first, shape[axis] - first]), [one])
    case 6 where shape.rank == 4:
      return try builder.add(MaxPooling(kernel: [3, 2], stride: [1, 1]), [one])
    case 7 where shape.rank == 2:
      let weights = WeightArray(
        try Tensor(Shape([shape.channels, 5]), random.floats(shape.channels * 5)))
      return try builder.add(
        Dense(layer: "test", weights: weights, biases: random.floats(5)), [one])
    default:
      guard shape.rank == 4 else { return [] }
      let weights = WeightArray(
        try Tensor(Shape([1, 1, shape.channels, 3]), random.floats(shape.channels * 3)))
      let convolution = Convolution(
        layer: "test", weights: weights, biases: random.floats(3), stride: [1, 1],
        dilation: [1, 1])
      return try builder.add(convolution, [one])
    }
  }

  /// Functions whose results stay small, over what each derivative reads.
  private static let activations: [ElementFunction] = [
    .boundedRectifier(upper: 6), .clip(lower: -1, upper: 2), .gelu, .geluByTanh,
    .hardSigmoid(alpha: 0.2, beta: 0.5), .hardSwish, .leakyRectifier(slope: 0.1), .mish, .sigmoid,
    .silu(factor: 1), .softplus, .tanh,
  ]

  private func bench(_ node: Network.Node) -> OperatorBench {
    OperatorBench(
      operation: node.operation, inputShapes: node.inputs.map { network.shapes[$0] },
      kernels: KernelDispatch.active)
  }

  /// The gradient by a value, one node after the other, each gradient in an array of its own.
  func gradient(_ target: Int, by value: Int, _ rule: any BackwardRule) throws -> [Float] {
    var gradients: [Int: [Float]] = [:]
    gradients[network.output] = (0..<forward[network.output].count).map { $0 == target ? 1 : 0 }
    for node in network.nodes.reversed() where !node.outputs.contains(value) {
      let above = node.outputs.map { gradients[$0] }
      guard above.contains(where: { $0 != nil }) else { continue }
      let parts = try bench(node).gradient(
        above, inputs: node.inputs.map { forward[$0] }, outputs: node.outputs.map { forward[$0] },
        rule: rule)
      for (input, part) in zip(node.inputs, parts) {
        guard let part else { continue }
        gradients[input] = gradients[input].map { zip($0, part).map { $0 + $1 } } ?? part
      }
    }
    return gradients[value] ?? [Float](repeating: 0, count: forward[value].count)
  }
}

@Suite("Random graphs against a slow walk")
struct RandomGraphTests {
  @Test(arguments: 0..<20)
  func everyRequest(seed: Int) throws {
    var random = RepeatableRandom(seed: UInt64(seed))
    for _ in 0..<20 {
      let graph = try RandomGraph(&random)
      let runner = NetworkRunner(graph.network)
      for _ in 0..<4 {
        let recorded = graph.values.filter { _ in Int.random(in: 0..<4, using: &random) == 0 }
        let walks = (0..<Int.random(in: 0...3, using: &random)).map { _ in
          PlanRequest.Backward(
            destinations: (0..<Int.random(in: 1...3, using: &random)).map { _ in
              graph.values[Int.random(in: 0..<graph.values.count, using: &random)]
            },
            rule: graph.rules.randomElement(using: &random) ?? GradientRule())
        }
        let targets = (0..<Int.random(in: 1...3, using: &random)).map { _ in
          Int.random(in: 0..<graph.forward[graph.network.output].count, using: &random)
        }
        let result = try runner.everything(
          graph.input, recorded: recorded, needsOutput: Bool.random(using: &random),
          backward: walks, targets: targets,
          targetsPerWalk: Int.random(in: 1...4, using: &random))
        if !result.output.isEmpty { #expect(result.output == graph.forward[graph.network.output]) }
        for (value, tensor) in zip(recorded, result.activations) {
          #expect(tensor.elements == graph.forward[value])
        }
        for (target, gradients) in zip(targets, result.gradients) {
          let wanted = walks.flatMap { walk in walk.destinations.map { ($0, walk.rule) } }
          #expect(gradients.count == wanted.count)
          for ((value, rule), gradient) in zip(wanted, gradients) {
            expectClose(
              gradient.elements, try graph.gradient(target, by: value, rule), absolute: 1e-4,
              relative: 1e-4)
          }
        }
      }
    }
  }

  @Test("a picture of a batch gets what it gets alone, bit for bit", arguments: 0..<10)
  func batches(seed: Int) throws {
    var random = RepeatableRandom(seed: UInt64(1000 + seed))
    for _ in 0..<10 {
      let graph = try RandomGraph(&random)
      let runner = NetworkRunner(graph.network)
      let pictures = (0..<3).map { _ in random.floats(graph.input.count) }
      let recorded = [graph.network.output, graph.values[graph.values.count / 2]]
      let walks = graph.rules.map {
        PlanRequest.Backward(
          destination: graph.values[Int.random(in: 0..<graph.values.count, using: &random)],
          rule: $0)
      }
      let targets = pictures.map { _ in
        (0..<3).map { _ in
          Int.random(in: 0..<graph.forward[graph.network.output].count, using: &random)
        }
      }
      let count = Int.random(in: 1...4, using: &random)
      let together = try runner.everything(
        pictures, recorded: recorded, backward: walks, targets: targets, targetsPerWalk: count)
      for (place, picture) in pictures.enumerated() {
        let alone = try runner.everything(
          picture, recorded: recorded, backward: walks, targets: targets[place],
          targetsPerWalk: count)
        #expect(together[place].output == alone.output)
        #expect(together[place].activations.map(\.elements) == alone.activations.map(\.elements))
        #expect(
          together[place].gradients.map { $0.map(\.elements) }
            == alone.gradients.map { $0.map(\.elements) })
      }
    }
  }
}
