import GradCAMPPKernelDispatch
import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

@Suite("Graph, plan and run")
struct NetworkTests {
  /// A graph with a branch: value a has two consumers, so its gradient is a sum.
  ///
  /// input → a/linear → a; a → b; a + b → sum → c/linear → c → pool → logits.
  private func branchedNetwork() throws -> Network {
    var random = RepeatableRandom(seed: 3)
    func convolution(_ name: String, _ shape: [Int]) throws -> Convolution {
      let weights = WeightArray(try Tensor(Shape(shape), random.floats(Shape(shape).count)))
      return Convolution(
        layer: name, weights: weights, biases: random.floats(shape[3]), stride: [1, 1],
        dilation: [1, 1])
    }
    var builder = NetworkBuilder(inputShape: Shape([1, 6, 5, 2]))
    let a = try builder.add(convolution("a", [3, 3, 2, 4]), builder.input)
    let r = try builder.add(ReLU(), a)
    let b = try builder.add(convolution("b", [1, 1, 4, 4]), r)
    let sum = try builder.add(Addition(), r, b)
    let c = try builder.add(convolution("c", [3, 3, 4, 3]), sum)
    let rectified = try builder.add(ReLU(), c)
    let pool = try builder.add(MaxPooling(kernel: [2, 2], stride: [2, 2]), rectified)
    let dense = Dense(
      layer: "test", weights: WeightArray(try Tensor(Shape([27, 5]), random.floats(135))),
      biases: random.floats(5))
    let logits = try builder.add(dense, pool)
    for (value, name) in [
      (a, "a/linear"), (r, "a"), (b, "b"), (sum, "sum"), (c, "c/linear"), (rectified, "c"),
      (pool, "pool"), (logits, "logits"),
    ] { builder.name(value, name) }
    return builder.build(output: logits)
  }

  /// Every value of a network, one operator after the other, each in memory of its own.
  private func everyValue(_ network: Network, _ input: [Float]) throws -> [[Float]] {
    var values = [input]
    for node in network.nodes {
      let bench = OperatorBench(
        operation: node.operation, inputShapes: node.inputs.map { network.shapes[$0] },
        kernels: KernelDispatch.active)
      values += try bench.forward(node.inputs.map { values[$0] })
    }
    return values
  }

  @Test("each activation, alone and together, equals the operators run one by one")
  func activations() throws {
    let network = try branchedNetwork()
    let runner = NetworkRunner(network)
    var random = RepeatableRandom(seed: 4)
    let input = random.floats(network.inputShape.count)
    let expected = try everyValue(network, input)
    let all = Array(network.values.values).sorted()
    let together = try runner.everything(input, recorded: all)
    #expect(together.output == expected[network.output])
    for (value, tensor) in zip(all, together.activations) {
      #expect(tensor.elements == expected[value])
      #expect(
        try runner.everything(input, recorded: [value]).activations[0].elements == expected[value])
    }
  }

  @Test(
    "gradients to every value, through both branches, equal finite differences",
    // Not "c": its zeros tie in the pool's windows, where there is no derivative.
    arguments: ["a", "a/linear", "b", "sum", "c/linear", "pool", "logits", "input"])
  func gradients(name: String) throws {
    let network = try branchedNetwork()
    let runner = NetworkRunner(network)
    let value = network.values[name] ?? 0
    var random = RepeatableRandom(seed: 6)
    let input = random.floats(network.inputShape.count)
    let walk = PlanRequest.Backward(destination: value, rule: .gradient)
    let result = try runner.everything(input, backward: [walk], targets: [2])
    let point = try everyValue(network, input)
    let step: Float = 1e-3
    let expected = try point[value].indices.map { index -> Float in
      let above = try logit(2, network, disturbed: (value, index, step), from: point)
      let below = try logit(2, network, disturbed: (value, index, -step), from: point)
      return (above - below) / (2 * step)
    }
    expectClose(result.gradients[0][0].elements, expected, absolute: 5e-3, relative: 5e-3, name)
  }

  /// A logit when one element of one value is disturbed and all that follows is computed anew.
  private func logit(
    _ target: Int, _ network: Network, disturbed: (value: Int, index: Int, by: Float),
    from point: [[Float]]
  ) throws -> Float {
    var values = point
    values[disturbed.value][disturbed.index] += disturbed.by
    let isChanged = network.descendants(of: [disturbed.value])
    for node in network.nodes {
      let bench = OperatorBench(
        operation: node.operation, inputShapes: node.inputs.map { network.shapes[$0] },
        kernels: KernelDispatch.active)
      guard node.outputs.contains(where: { isChanged[$0] }) else { continue }
      for (output, numbers) in zip(node.outputs, try bench.forward(node.inputs.map { values[$0] }))
      where output != disturbed.value {
        values[output] = numbers
      }
    }
    return values[network.output][target]
  }

  @Test("several targets and walks from one forward pass equal separate runs")
  func severalTargets() throws {
    let network = try branchedNetwork()
    let runner = NetworkRunner(network)
    var random = RepeatableRandom(seed: 8)
    let input = random.floats(network.inputShape.count)
    let walks = [
      PlanRequest.Backward(destination: try #require(network.values["c"]), rule: .gradient),
      PlanRequest.Backward(destination: 0, rule: .guided),
    ]
    let together = try runner.everything(input, backward: walks, targets: [4, 0, 4])
    #expect(together.gradients.count == 3)
    for (target, gradients) in zip([4, 0, 4], together.gradients) {
      for (walk, gradient) in zip(walks, gradients) {
        let alone = try runner.everything(input, backward: [walk], targets: [target])
        #expect(alone.gradients[0][0].elements == gradient.elements)
      }
    }
    #expect(together.gradients[0][1].elements != together.gradients[1][1].elements)
  }

  @Test("a batch of pictures and targets equals single runs", arguments: [1, 2, 3])
  func batch(targetsPerWalk: Int) throws {
    let runner = NetworkRunner(try branchedNetwork())
    var random = RepeatableRandom(seed: 21)
    let inputs = (0..<3).map { _ in random.floats(runner.network.inputShape.count) }
    let targets = [[0, 4], [1, 1], [3, 2]]
    let recorded = [try #require(runner.network.values["sum"])]
    let walks = [
      PlanRequest.Backward(destination: try #require(runner.network.values["a"]), rule: .gradient),
      PlanRequest.Backward(destination: 0, rule: .guided),
    ]
    let together = try runner.everything(
      inputs, recorded: recorded, backward: walks, targets: targets,
      targetsPerWalk: targetsPerWalk)
    for (index, input) in inputs.enumerated() {
      let alone = try runner.everything(
        input, recorded: recorded, backward: walks, targets: targets[index])
      expectClose(together[index].output, alone.output, absolute: 1e-5, relative: 1e-5)
      #expect(together[index].activations[0].elements == alone.activations[0].elements)
      for (batch, single) in zip(together[index].gradients, alone.gradients) {
        for (one, other) in zip(batch, single) {
          expectClose(one.elements, other.elements, absolute: 1e-5, relative: 1e-5)
        }
      }
    }
  }

  @Test("runs on several threads at once do not disturb each other")
  func concurrency() async throws {
    let network = try branchedNetwork()
    let runner = NetworkRunner(network)
    var random = RepeatableRandom(seed: 12)
    let inputs = (0..<8).map { _ in random.floats(network.inputShape.count) }
    let walk = PlanRequest.Backward(destination: 0, rule: .gradient)
    let expected = try inputs.map {
      try runner.everything($0, backward: [walk], targets: [1]).gradients[0][0].elements
    }
    try await withThrowingTaskGroup(of: (Int, [Float]).self) { group in
      for repetition in 0..<64 {
        let index = repetition % inputs.count
        group.addTask {
          let result = try runner.everything(inputs[index], backward: [walk], targets: [1])
          return (index, result.gradients[0][0].elements)
        }
      }
      for try await (index, gradient) in group { #expect(gradient == expected[index]) }
    }
  }

  @Test("tensors that live at the same time never share memory")
  func layout() {
    var random = RepeatableRandom(seed: 13)
    for _ in 0..<50 {
      var layout = SlotLayout()
      let tenants = (0..<40).map { _ in
        let start = Int.random(in: 0..<30, using: &random)
        let life = start...Int.random(in: start..<32, using: &random)
        let count = Int.random(in: 0...100, using: &random)
        return (ticket: layout.reserve(count, life: life), count: count, life: life)
      }
      layout.place()
      for (position, first) in tenants.enumerated() {
        #expect(layout.offset(first.ticket) % 16 == 0)
        #expect(layout.offset(first.ticket) + first.count <= layout.count)
        for second in tenants[(position + 1)...] where first.life.overlaps(second.life) {
          let (a, b) = (layout.offset(first.ticket), layout.offset(second.ticket))
          #expect(a + first.count <= b || b + second.count <= a)
        }
      }
    }
  }

  @Test("a plan reuses memory: its workspace is far smaller than all tensors together")
  func reuse() throws {
    let loaded = try ModelBuilders.build(
      SmallVGG(blocks: [[8, 8, 8, 8], [8, 8]], side: 64).store())
    var builder = try PlanBuilder(
      network: loaded.network, request: PlanRequest(inputShape: loaded.network.inputShape))
    let plan = try builder.build()
    let scratch = plan.forward.reduce(0) { most, step in
      guard case .forward(_, let slots) = step else { return most }
      return max(most, slots.scratch.shape.count)
    }
    let all = loaded.network.shapes.reduce(0) { $0 + $1.count }
    #expect(plan.workspaceCount - scratch < all / 3)
  }
}
