import GradCAMPPKernelDispatch
import GradCAMPPKernels

/// What the forward pass of a run delivers for one picture.
///
/// Tensors lie in the run's workspace: they are valid until the run returns.
public struct ForwardResult: Sendable {
  /// The output of the network before softmax, one for each class; empty if not asked for.
  public let logits: [Float]
  /// The wanted activations, in the request's order.
  public let activations: [Tensor]
}

/// The gradients of one class of one picture.
///
/// Tensors lie in the run's workspace: they are valid until the closure that takes them returns.
public struct TargetResult: Sendable {
  /// Which picture of the batch.
  public let picture: Int
  /// Which of the picture's targets.
  public let place: Int
  /// The class.
  public let target: Int
  /// The gradient of each walk back, in the request's order.
  public let gradients: [Tensor]
}

/// Runs a network; any number of threads may use one runner at once.
public final class NetworkRunner: Sendable {
  /// The network.
  public let network: Network

  private let kernels: any KernelSet.Type
  private let limits: Limits
  private let plans = PlanCache()
  private let workspaces = WorkspacePool()

  /// A runner of `network` with the kernels of a tier.
  public init(
    _ network: Network, kernels: any KernelSet.Type = KernelDispatch.active,
    limits: Limits = Limits()
  ) {
    self.network = network
    self.limits = limits
    self.kernels = kernels
  }

  /// Serves a request.
  ///
  /// `writeInput` fills the network's input; `chooseTargets` takes what the forward pass delivers
  /// and names, for each picture, the classes to walk back from, as many for every picture;
  /// `eachTarget` takes the gradients of one such class. Tensors have no batch axis; nothing is
  /// copied. Throws `badData` when numbers are NaN or infinite.
  public func run(
    _ request: PlanRequest,
    writeInput: (inout MutableSpan<Float>) -> Void,
    chooseTargets: ([ForwardResult]) throws(GradCAMError) -> [[Int]],
    eachTarget: ([ForwardResult], TargetResult) throws(GradCAMError) -> Void = { _, _ in }
  ) throws(GradCAMError) {
    let plan = try plans.plan(request, for: network)
    try limits.check(
      plan.workspaceCount * MemoryLayout<Float>.size, .workspaceBytes, "this call takes",
      "bytes of working memory", orThrow: .invalidArgument)
    try workspaces.withWorkspace(count: plan.workspaceCount) {
      memory throws(GradCAMError) in
      let run = Run(memory: memory, kernels: kernels)
      memory.write(plan.input, writeInput)
      for step in plan.forward { try perform(step, run, targets: []) }
      var results: [ForwardResult] = []
      for picture in 0..<request.inputShape[0] {
        let logits = try plan.logits.map { slot throws(GradCAMError) in
          try lend(slot, item: picture, memory).elements
        }
        var activations: [Tensor] = []
        for slot in plan.recorded { activations.append(try lend(slot, item: picture, memory)) }
        results.append(ForwardResult(logits: logits ?? [], activations: activations))
      }
      let targets = try chooseTargets(results)
      let places = targets.first?.count ?? 0
      precondition(
        targets.count == results.count && targets.allSatisfy { $0.count == places },
        "every picture has as many targets")
      for first in stride(from: 0, to: places, by: request.targetsPerWalk) {
        try walk(plan, run, targets, first: first, request.targetsPerWalk) {
          target throws(GradCAMError) in try eachTarget(results, target)
        }
      }
    }
  }

  /// Walks back from some targets of every picture at once; places past the last repeat it.
  private func walk(
    _ plan: Plan, _ run: Run, _ targets: [[Int]], first: Int, _ count: Int,
    eachTarget: (TargetResult) throws(GradCAMError) -> Void
  ) throws(GradCAMError) {
    let batch = targets.flatMap { list in
      (first..<first + count).map { list[min($0, list.count - 1)] }
    }
    for step in plan.backward { try perform(step, run, targets: batch) }
    for (picture, list) in targets.enumerated() {
      for place in first..<min(first + count, list.count) {
        var gradients: [Tensor] = []
        for slot in plan.gradients {
          gradients.append(try lend(slot, item: picture * count + place - first, run.memory))
        }
        try eachTarget(
          TargetResult(
            picture: picture, place: place, target: list[place], gradients: gradients))
      }
    }
  }

  /// One item of a tensor of a workspace; throws `badData` when a number is not finite.
  private func lend(
    _ slot: TensorSlot, item: Int, _ memory: MemoryBlock<Float>
  ) throws(GradCAMError) -> Tensor {
    let shape = slot.shape.withoutBatch
    let part = TensorSlot(offset: slot.offset + item * shape.count, shape: shape)
    try checkFinite(part, memory)
    return Tensor(memory, part)
  }

  private func perform(_ step: Step, _ run: Run, targets: [Int]) throws(GradCAMError) {
    switch step {
    case .forward(let operation, let slots):
      try operation.forward(slots, in: run)
    case .gradient(let operation, let slots, let rule):
      try operation.gradient(slots, rule: rule, in: run)
    case .seed(let slot):
      run.memory.write(slot) { gradient in
        for index in 0..<gradient.count { gradient[index] = 0 }
        let classes = slot.shape.withoutBatch.count
        for item in 0..<slot.shape[0] {
          gradient[item * classes + targets[item % targets.count]] = 1
        }
      }
    case .clear(let slot):
      run.memory.write(slot) { gradient in
        for index in 0..<gradient.count { gradient[index] = 0 }
      }
    case .replicate(let original, let copies):
      let item = original.shape.withoutBatch.count
      let count = copies.shape[0] / original.shape[0]
      run.memory.read(original) { source in
        run.memory.write(copies) { result in
          for index in 0..<result.count {
            result[index] = source[index / (item * count) * item + index % item]
          }
        }
      }
    case .add(let values, let sum):
      run.memory.read(values) { values in
        run.memory.write(sum) { sum in run.kernels.add(values, to: &sum) }
      }
    }
  }

  /// Throws when a result is not finite.
  ///
  /// Weights are checked where they are first used.
  private func checkFinite(
    _ slot: TensorSlot, _ memory: MemoryBlock<Float>
  ) throws(GradCAMError) {
    guard !memory.read(slot, { kernels.isFinite($0.bytes) }) else { return }
    throw GradCAMError(
      .badData,
      "the network's numbers for this picture are too large for float32 (infinity or NaN), "
        + "although every weight is finite")
  }
}
