import GradCAMPPKernels

/// One step of a plan.
enum Step: Sendable {
  /// Computes an operator's output.
  case forward(any Operator, ForwardSlots)
  /// Computes gradients by an operator's inputs.
  case gradient(any Operator, GradientSlots, BackwardRule)
  /// Writes the gradients of the logits that are explained, by all logits: 1 at the target class of
  /// each item, else 0; the same items again for each walk.
  case seed(TensorSlot)
  /// Writes zeros: the gradient by a value on which the logit does not depend.
  case clear(TensorSlot)
  /// Copies each item of a forward tensor as often as there are targets in a walk.
  case replicate(TensorSlot, to: TensorSlot)
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
  /// Where the logits lie, if wanted.
  let logits: TensorSlot?
  /// Where the wanted activations lie.
  let recorded: [TensorSlot]
  /// Steps of all walks back, from the logits to their destinations.
  let backward: [Step]
  /// Where each walk's gradient by its destination lies, (pictures x targets, …).
  let gradients: [TensorSlot]
  /// Elements of the workspace.
  let workspaceCount: Int

  init(
    input: TensorSlot, forward: [Step], logits: TensorSlot?, recorded: [TensorSlot],
    backward: [Step], gradients: [TensorSlot], workspaceCount: Int
  ) {
    self.input = input
    self.forward = forward
    self.logits = logits
    self.recorded = recorded
    self.backward = backward
    self.gradients = gradients
    self.workspaceCount = workspaceCount
  }
}
