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
    try run(
      PlanRequest(
        inputShape: Shape([inputs.count] + network.inputShape.extents.dropFirst()),
        recorded: recorded, needsLogits: needsLogits, backward: backward,
        targetsPerWalk: targetsPerWalk),
      writeInput: { span in
        for (index, number) in inputs.joined().enumerated() { span[index] = number }
      },
      chooseTargets: { forward throws(GradCAMError) in
        for (index, result) in forward.enumerated() {
          results[index].logits = result.logits
          for tensor in result.activations {
            results[index].activations.append(try tensor.copied())
          }
        }
        return targets
      },
      eachTarget: { _, walked throws(GradCAMError) in
        #expect(walked.place == results[walked.picture].gradients.count)
        #expect(walked.target == targets[walked.picture][walked.place])
        var gradients: [Tensor] = []
        for tensor in walked.gradients { gradients.append(try tensor.copied()) }
        results[walked.picture].gradients.append(gradients)
      })
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
