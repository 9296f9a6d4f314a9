import GradCAMPPKernels

/// One step of a plan.
enum Step: Sendable {
  /// Computes an operator's outputs.
  case forward(any Operator, ForwardSlots)
  /// Goes back through an operator.
  case backward(any BackwardStep, GradientSlots)
  /// Writes the targets' weights over the output; the same items again for each walk.
  case seed(TensorSlot)
  /// Writes zeros: the gradient by a value on which the target does not depend.
  case clear(TensorSlot)
  /// Copies each item of a tensor `times` times.
  case replicate(TensorSlot, times: Int, to: TensorSlot)
  /// Adds one consumer's gradient to the sum of those before it.
  case add(TensorSlot, to: TensorSlot)
}

/// The steps that serve one kind of request, and the place of every tensor in one workspace.
///
/// Made once for each request by `PlanBuilder` and then immutable.
final class Plan: Sendable {
  /// Where the input is written.
  let input: TensorSlot
  /// Steps of the forward pass.
  let forward: [Step]
  /// Where the output lies, if wanted.
  let output: TensorSlot?
  /// Where the wanted activations lie.
  let recorded: [TensorSlot]
  /// Steps of all walks back, from the output to their destinations.
  let backward: [Step]
  /// For each walk, where its gradients by its destinations lie, (pictures x targets, …).
  let gradients: [[TensorSlot]]
  /// Elements of the workspace.
  let workspaceCount: Int

  init(
    input: TensorSlot, forward: [Step], output: TensorSlot?, recorded: [TensorSlot],
    backward: [Step], gradients: [[TensorSlot]], workspaceCount: Int
  ) {
    self.input = input
    self.forward = forward
    self.output = output
    self.recorded = recorded
    self.backward = backward
    self.gradients = gradients
    self.workspaceCount = workspaceCount
  }
}
