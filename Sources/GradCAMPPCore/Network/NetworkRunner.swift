import GradCAMPPKernelDispatch
import GradCAMPPKernels

/// What a run of a network delivers; all tensors are parts of one block.
public struct RunResult: Sendable {
  /// The output of the network before softmax, one for each class; empty if not asked for.
  public let logits: [Float]
  /// The wanted activations, in the request's order, without the batch axis.
  public let activations: [Tensor]
  /// For each target class, the gradient of each walk back, without the batch axis.
  public let gradients: [[Tensor]]
}

/// Runs a network; any number of threads may use one runner at once.
public final class NetworkRunner: Sendable {
  /// The network.
  public let network: Network

  private let kernels: any KernelSet.Type
  private let plans = PlanCache()

  /// A runner of `network` with the kernels of a tier.
  public init(_ network: Network, kernels: any KernelSet.Type = KernelDispatch.active) {
    self.network = network
    self.kernels = kernels
  }

  /// Serves a request for one input.
  ///
  /// `writeInput` fills the network's input, `chooseTargets` names the classes to walk back from
  /// once the logits are known. Throws `badData` when weights are NaN or infinite.
  public func run(
    _ request: PlanRequest,
    writeInput: (inout MutableSpan<Float>) -> Void,
    chooseTargets: ([Float]) throws(GradCAMError) -> [Int] = { _ in [] }
  ) throws(GradCAMError) -> RunResult {
    let plan = try plans.plan(request, for: network)
    return try plan.withWorkspace { memory throws(GradCAMError) in
      let run = Run(memory: memory, kernels: kernels)
      memory.write(plan.input, writeInput)
      for step in plan.forward { try perform(step, run, target: 0) }
      let logits = try readLogits(plan, memory)
      let targets = try chooseTargets(logits)
      var results = ResultBlock(
        slots: plan.recorded, walks: plan.walks.map(\.result), targets.count)
      let block = try results.allocate()
      for slot in plan.recorded {
        try checkFinite(slot, memory)
        results.copy(slot, from: memory, to: block)
      }
      for target in targets {
        for walk in plan.walks {
          for step in walk.steps { try perform(step, run, target: target) }
          try checkFinite(walk.result, memory)
          results.copy(walk.result, from: memory, to: block)
        }
      }
      return results.finished(block, logits: logits)
    }
  }

  private func perform(_ step: Step, _ run: Run, target: Int) throws(GradCAMError) {
    switch step {
    case .forward(let operation, let slots):
      try operation.forward(slots, in: run)
    case .gradient(let operation, let slots, let rule):
      try operation.gradient(slots, rule: rule, in: run)
    case .seed(let slot):
      run.memory.write(slot) { gradient in
        for index in 0..<gradient.count { gradient[index] = index == target ? 1 : 0 }
      }
    case .clear(let slot):
      run.memory.write(slot) { gradient in
        for index in 0..<gradient.count { gradient[index] = 0 }
      }
    case .add(let values, let sum):
      run.memory.read(values) { values in
        run.memory.write(sum) { sum in run.kernels.add(values, to: &sum) }
      }
    }
  }

  private func readLogits(
    _ plan: Plan, _ memory: MemoryBlock<Float>
  ) throws(GradCAMError) -> [Float] {
    guard let slot = plan.logits else { return [] }
    try checkFinite(slot, memory)
    return memory.read(slot) { span in span.indices.map { span[$0] } }
  }

  /// Throws when a result is not finite, naming the layer whose weights are to blame.
  private func checkFinite(
    _ slot: TensorSlot, _ memory: MemoryBlock<Float>
  ) throws(GradCAMError) {
    guard !memory.read(slot, { kernels.isFinite($0.bytes) }) else { return }
    for node in network.nodes {
      let names = network.values.filter { $0.value == node.output }.keys
      let layer = names.sorted().first?.split(separator: "/").first.map(String.init)
      try node.operation.checkWeights(layer: layer ?? node.operation.kind, kernels: kernels)
    }
    throw GradCAMError(
      .badData,
      "the network's numbers for this picture are too large for float32 (infinity or NaN), "
        + "although every weight is finite")
  }
}

/// Lays out the one block that a run returns.
private struct ResultBlock {
  private let recorded: [TensorSlot]
  private var walkSlots: [TensorSlot] = []
  private let walksPerTarget: Int
  private var next = 0

  init(slots: [TensorSlot], walks: [TensorSlot], _ targets: Int) {
    var offset = 0
    let place = { (slot: TensorSlot) -> TensorSlot in
      defer { offset += (slot.shape.count + 15) / 16 * 16 }
      return TensorSlot(offset: offset, shape: slot.shape)
    }
    recorded = slots.map(place)
    walksPerTarget = walks.count
    for _ in 0..<targets { walkSlots += walks.map(place) }
  }

  private var all: [TensorSlot] { recorded + walkSlots }

  func allocate() throws(GradCAMError) -> MemoryBlock<Float> {
    try MemoryBlock(count: all.last.map { $0.offset + $0.shape.count } ?? 0)
  }

  /// Copies the next tensor in order: the recorded ones, then walk by walk for each target.
  mutating func copy(
    _ source: TensorSlot, from memory: MemoryBlock<Float>, to block: MemoryBlock<Float>
  ) {
    let destination = all[next]
    next += 1
    memory.read(source) { source in
      block.write(destination) { result in
        for index in source.indices { result[index] = source[index] }
      }
    }
  }

  func finished(_ block: MemoryBlock<Float>, logits: [Float]) -> RunResult {
    let tensor = { (slot: TensorSlot) in
      Tensor(block, slot).reshaped(slot.shape.withoutBatch)
    }
    return RunResult(
      logits: logits, activations: recorded.map(tensor),
      gradients: walksPerTarget == 0
        ? []
        : stride(from: 0, to: walkSlots.count, by: walksPerTarget).map { start in
          walkSlots[start..<start + walksPerTarget].map(tensor)
        })
  }
}
