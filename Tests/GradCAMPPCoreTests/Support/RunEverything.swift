import GradCAMPPKernels

@testable import GradCAMPPCore

/// All that a run delivers, gradients gathered target by target.
struct WholeResult {
  var logits: [Float] = []
  var activations: [Tensor] = []
  var gradients: [[Tensor]] = []
}

extension NetworkRunner {
  /// Runs with an input given as numbers, for fixed targets.
  func everything(
    _ input: [Float], recorded: [Int] = [], needsLogits: Bool = true,
    backward: [PlanRequest.Backward] = [], targets: [Int] = []
  ) throws -> WholeResult {
    var result = WholeResult()
    let forward = try run(
      PlanRequest(
        inputShape: network.inputShape, recorded: recorded, needsLogits: needsLogits,
        backward: backward),
      writeInput: { span in for index in input.indices { span[index] = input[index] } },
      chooseTargets: { _ in targets },
      eachTarget: { _, _, gradients in result.gradients.append(gradients) })
    result.logits = forward.logits
    result.activations = forward.activations
    return result
  }
}
