import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

/// All that a run delivers, gradients gathered target by target.
struct WholeResult {
  var logits: [Float] = []
  var activations: [Tensor] = []
  var gradients: [[Tensor]] = []
}

extension NetworkRunner {
  /// Runs with inputs given as numbers, for fixed targets; one result for each input.
  func everything(
    _ inputs: [[Float]], recorded: [Int] = [], needsLogits: Bool = true,
    backward: [PlanRequest.Backward] = [], targets: [[Int]], targetsPerWalk: Int = 1
  ) throws -> [WholeResult] {
    var results = inputs.map { _ in WholeResult() }
    let forward = try run(
      PlanRequest(
        inputShape: Shape([inputs.count] + network.inputShape.extents.dropFirst()),
        recorded: recorded, needsLogits: needsLogits, backward: backward,
        targetsPerWalk: targetsPerWalk),
      writeInput: { span in
        for (index, number) in inputs.joined().enumerated() { span[index] = number }
      },
      chooseTargets: { _ in targets },
      eachTarget: { _, walked in
        #expect(walked.place == results[walked.picture].gradients.count)
        #expect(walked.target == targets[walked.picture][walked.place])
        results[walked.picture].gradients.append(walked.gradients)
      })
    for (index, result) in forward.enumerated() {
      results[index].logits = result.logits
      results[index].activations = result.activations
    }
    return results
  }

  /// Runs with one input.
  func everything(
    _ input: [Float], recorded: [Int] = [], needsLogits: Bool = true,
    backward: [PlanRequest.Backward] = [], targets: [Int] = [], targetsPerWalk: Int = 1
  ) throws -> WholeResult {
    try everything(
      [input], recorded: recorded, needsLogits: needsLogits, backward: backward,
      targets: [targets], targetsPerWalk: targetsPerWalk)[0]
  }
}
