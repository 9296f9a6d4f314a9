import GradCAMPPKernelDispatch
import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

/// Random graphs in which every value has the shape of the input: chains, branches, values added to
/// themselves, values that nobody reads, outputs before the last value.
private struct RandomGraph {
  let network: Network
  let values: [Int]
  let input: [Float]
  private(set) var forward: [[Float]]

  private static let shape = Shape([1, 3, 4, 3])

  init(_ random: inout RepeatableRandom) throws {
    var builder = NetworkBuilder(inputShape: Self.shape)
    var values = [builder.input]
    for _ in 0..<Int.random(in: 2...14, using: &random) {
      let one = values[Int.random(in: 0..<values.count, using: &random)]
      let other = values[Int.random(in: 0..<values.count, using: &random)]
      switch Int.random(in: 0..<5, using: &random) {
      case 0, 1: values.append(try builder.add(Addition(), one, other))
      case 2: values.append(try builder.add(ReLU(), values[values.count - 1]))
      case 3: values.append(try builder.add(MaxPooling(kernel: [3, 2], stride: [1, 1]), one))
      default:
        let weights = WeightArray(try Tensor(Shape([1, 1, 3, 3]), random.floats(9)))
        let convolution = Convolution(
          layer: "test", weights: weights, biases: random.floats(3), stride: [1, 1],
          dilation: [1, 1])
        values.append(try builder.add(convolution, one))
      }
    }
    self.values = values
    network = builder.build(
      output: Bool.random(using: &random)
        ? values[values.count - 1] : values[Int.random(in: 0..<values.count, using: &random)])
    input = random.floats(Self.shape.count)
    forward = [input]
    for node in network.nodes {
      forward.append(
        node.operation is Addition
          ? zip(forward[node.inputs[0]], forward[node.inputs[1]]).map { $0 + $1 }
          : try bench(node).forward(forward[node.inputs[0]]))
    }
  }

  private func bench(_ node: Network.Node) -> OperatorBench {
    OperatorBench(
      operation: node.operation, inputShape: Self.shape, kernels: KernelDispatch.active)
  }

  /// The walk back, one node after the other, each gradient in an array of its own.
  func gradient(_ target: Int, _ walk: PlanRequest.Backward) throws -> [Float] {
    var gradients: [Int: [Float]] = [:]
    gradients[network.output] = (0..<Self.shape.count).map { $0 == target ? 1 : 0 }
    for node in network.nodes.reversed() where node.output <= network.output {
      guard node.output != walk.destination, let above = gradients[node.output] else { continue }
      for input in node.inputs {
        let part =
          node.operation is Addition
          ? above
          : try bench(node).gradient(
            above, input: forward[input], output: forward[node.output], rule: walk.rule)
        gradients[input] = gradients[input].map { zip($0, part).map { $0 + $1 } } ?? part
      }
    }
    return gradients[walk.destination] ?? [Float](repeating: 0, count: Self.shape.count)
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
            destination: graph.values[Int.random(in: 0..<graph.values.count, using: &random)],
            rule: Bool.random(using: &random) ? .guided : .gradient)
        }
        let targets = (0..<Int.random(in: 1...3, using: &random)).map { _ in
          Int.random(in: 0..<graph.input.count, using: &random)
        }
        let result = try runner.everything(
          graph.input, recorded: recorded, needsLogits: Bool.random(using: &random),
          backward: walks, targets: targets,
          targetsPerWalk: Int.random(in: 1...4, using: &random))
        if !result.logits.isEmpty { #expect(result.logits == graph.forward[graph.network.output]) }
        for (value, tensor) in zip(recorded, result.activations) {
          #expect(tensor.elements == graph.forward[value])
        }
        for (target, gradients) in zip(targets, result.gradients) {
          for (walk, gradient) in zip(walks, gradients) {
            expectClose(
              gradient.elements, try graph.gradient(target, walk), absolute: 1e-4, relative: 1e-4)
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
      let walks = [BackwardRule.gradient, .guided].map {
        PlanRequest.Backward(
          destination: graph.values[Int.random(in: 0..<graph.values.count, using: &random)],
          rule: $0)
      }
      let targets = pictures.map { _ in
        (0..<3).map { _ in Int.random(in: 0..<graph.input.count, using: &random) }
      }
      let count = Int.random(in: 1...4, using: &random)
      let together = try runner.everything(
        pictures, recorded: recorded, backward: walks, targets: targets, targetsPerWalk: count)
      for (place, picture) in pictures.enumerated() {
        let alone = try runner.everything(
          picture, recorded: recorded, backward: walks, targets: targets[place],
          targetsPerWalk: count)
        #expect(together[place].logits == alone.logits)
        #expect(together[place].activations.map(\.elements) == alone.activations.map(\.elements))
        #expect(
          together[place].gradients.map { $0.map(\.elements) }
            == alone.gradients.map { $0.map(\.elements) })
      }
    }
  }
}
