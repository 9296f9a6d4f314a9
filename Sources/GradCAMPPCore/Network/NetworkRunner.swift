import GradCAMPPKernelDispatch
import GradCAMPPKernels

/// What the forward pass of a run delivers; all tensors are parts of one block.
public struct ForwardResult: Sendable {
  /// The output of the network before softmax, one for each class; empty if not asked for.
  public let logits: [Float]
  /// The wanted activations, in the request's order, without the batch axis.
  public let activations: [Tensor]
}

/// Runs a network; any number of threads may use one runner at once.
public final class NetworkRunner: Sendable {
  /// The network.
  public let network: Network

  private let kernels: any KernelSet.Type
  private let plans = PlanCache()
  private let workspaces = WorkspacePool()

  /// A runner of `network` with the kernels of a tier.
  public init(_ network: Network, kernels: any KernelSet.Type = KernelDispatch.active) {
    self.network = network
    self.kernels = kernels
  }

  /// Serves a request for one input.
  ///
  /// `writeInput` fills the network's input; `chooseTargets` names the classes to walk back from
  /// once the logits are known; `eachTarget` takes, for every such class, the gradient of each walk
  /// without the batch axis, in one block. Throws `badData` when numbers are NaN or infinite.
  @discardableResult
  public func run(
    _ request: PlanRequest,
    writeInput: (inout MutableSpan<Float>) -> Void,
    chooseTargets: ([Float]) throws(GradCAMError) -> [Int] = { _ in [] },
    eachTarget: (ForwardResult, _ target: Int, _ gradients: [Tensor]) throws(GradCAMError) -> Void =
      { _, _, _ in }
  ) throws(GradCAMError) -> ForwardResult {
    guard request.inputShape[0] == 1 else {
      throw GradCAMError(
        .invalidArgument,
        "an input of shape \(request.inputShape) holds \(request.inputShape[0]) pictures; a run "
          + "takes one")
    }
    let plan = try plans.plan(request, for: network)
    return try workspaces.withWorkspace(count: plan.workspaceCount) {
      memory throws(GradCAMError) in
      let run = Run(memory: memory, kernels: kernels)
      memory.write(plan.input, writeInput)
      for step in plan.forward { try perform(step, run, target: 0) }
      let result = ForwardResult(
        logits: try copies(of: plan.logits.map { [$0] } ?? [], memory).first?.elements ?? [],
        activations: try copies(of: plan.recorded, memory))
      for target in try chooseTargets(result.logits) {
        for walk in plan.walks {
          for step in walk.steps { try perform(step, run, target: target) }
        }
        try eachTarget(result, target, copies(of: plan.walks.map(\.result), memory))
      }
      return result
    }
  }

  /// Copies tensors of a workspace into one block; throws `badData` when one is not finite.
  private func copies(
    of slots: [TensorSlot], _ memory: MemoryBlock<Float>
  ) throws(GradCAMError) -> [Tensor] {
    let block = try MemoryBlock<Float>(count: slots.reduce(0) { $0 + $1.shape.count })
    var tensors: [Tensor] = []
    var offset = 0
    for slot in slots {
      try checkFinite(slot, memory)
      let copy = TensorSlot(offset: offset, shape: slot.shape)
      memory.read(slot) { source in
        block.write(copy) { result in
          for index in source.indices { result[index] = source[index] }
        }
      }
      tensors.append(Tensor(block, copy).reshaped(slot.shape.withoutBatch))
      offset += slot.shape.count
    }
    return tensors
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
