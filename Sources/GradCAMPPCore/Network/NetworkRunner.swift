import GradCAMPPKernelDispatch
import GradCAMPPKernels

/// What the forward pass of a run delivers for one picture.
///
/// Tensors lie in the run's workspace: they are valid until the run returns.
public struct ForwardResult: Sendable {
  /// The output of the network, for classes their logits; empty if not asked for.
  public let output: [Float]
  /// The wanted activations, in the request's order.
  public let activations: [Tensor]
}

/// The gradients of one target of one picture.
///
/// Tensors lie in the run's workspace: they are valid until the closure that takes them returns.
public struct TargetResult: Sendable {
  /// Which picture of the batch.
  public let picture: Int
  /// Which of the picture's targets.
  public let place: Int
  /// The gradients of each walk back by each of its destinations, in the request's order.
  public let gradients: [[Tensor]]
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
  /// and gives, for each picture, the targets to walk back from, as many for every picture;
  /// `eachTarget` takes the gradients of one of them. Tensors have no batch axis; nothing is
  /// copied. Throws `badData` when numbers are NaN or infinite, `cancelled` when `cancel` says so.
  public func run(
    _ request: PlanRequest, cancel: CancelToken? = nil,
    writeInput: (inout MutableSpan<Float>) throws(GradCAMError) -> Void,
    chooseTargets: ([ForwardResult]) throws(GradCAMError) -> [[OutputWeights]],
    eachTarget: ([ForwardResult], TargetResult) throws(GradCAMError) -> Void = { _, _ in }
  ) throws(GradCAMError) {
    let plan = try plans.plan(request, for: network)
    try limits.check(
      plan.workspaceCount * MemoryLayout<Float>.size, .workspaceBytes, "this call takes",
      "bytes of working memory", orThrow: .invalidArgument)
    try workspaces.withWorkspace(count: plan.workspaceCount) {
      memory throws(GradCAMError) in
      let run = Run(memory: memory, kernels: kernels)
      try memory.write(plan.input, writeInput)
      try perform(plan.forward, run, targets: [], cancel)
      var results: [ForwardResult] = []
      for picture in 0..<request.inputShape[0] {
        let output = try plan.output.map { slot throws(GradCAMError) in
          try lend(slot, item: picture, memory).elements
        }
        var activations: [Tensor] = []
        for slot in plan.recorded { activations.append(try lend(slot, item: picture, memory)) }
        results.append(ForwardResult(output: output ?? [], activations: activations))
      }
      let targets = try chooseTargets(results)
      let places = targets.first?.count ?? 0
      precondition(
        targets.count == results.count && targets.allSatisfy { $0.count == places },
        "every picture has as many targets")
      for first in stride(from: 0, to: places, by: request.targetsPerWalk) {
        try walk(plan, run, targets, first: first, request.targetsPerWalk, cancel) {
          target throws(GradCAMError) in try eachTarget(results, target)
        }
      }
    }
  }

  /// Walks back from some targets of every picture at once; places past the last repeat it.
  private func walk(
    _ plan: Plan, _ run: Run, _ targets: [[OutputWeights]], first: Int, _ count: Int,
    _ cancel: CancelToken?, eachTarget: (TargetResult) throws(GradCAMError) -> Void
  ) throws(GradCAMError) {
    let batch = targets.flatMap { list in
      (first..<first + count).map { list[min($0, list.count - 1)] }
    }
    try perform(plan.backward, run, targets: batch, cancel)
    for (picture, list) in targets.enumerated() {
      for place in first..<min(first + count, list.count) {
        var gradients: [[Tensor]] = []
        for slots in plan.gradients {
          var walk: [Tensor] = []
          for slot in slots {
            walk.append(try lend(slot, item: picture * count + place - first, run.memory))
          }
          gradients.append(walk)
        }
        try eachTarget(TargetResult(picture: picture, place: place, gradients: gradients))
      }
    }
  }

  /// One item of a tensor of a workspace; throws `badData` when a number is not finite.
  private func lend(
    _ slot: TensorSlot, item: Int, _ memory: MemoryBlock<Float>
  ) throws(GradCAMError) -> Tensor {
    let shape = slot.shape.withoutBatch
    let part = TensorSlot(offset: slot.offset + item * shape.count, shape: shape)
    guard kernels.isFinite(memory.reading(part).bytes) else {
      // Weights are checked where they are first used.
      throw GradCAMError(
        .badData,
        "the network's numbers for this picture are too large for float32 (infinity or NaN), "
          + "although every weight is finite")
    }
    return Tensor(memory, part)
  }

  private func perform(
    _ steps: [Step], _ run: Run, targets: [OutputWeights], _ cancel: CancelToken?
  ) throws(GradCAMError) {
    for step in steps {
      try cancel?.check()
      try step.perform(run, targets: targets)
    }
  }
}
