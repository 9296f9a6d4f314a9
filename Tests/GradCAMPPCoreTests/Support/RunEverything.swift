import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

/// All that a run delivers, gradients gathered target by target.
struct WholeResult {
  var output: [Float] = []
  var activations: [Tensor] = []
  /// By target, then by walk and destination.
  var gradients: [[Tensor]] = []
}

extension NetworkRunner {
  /// Runs with inputs given as numbers, for fixed targets; one result for each input.
  func everything(
    _ inputs: [[Float]], recorded: [Int] = [], needsOutput: Bool = true,
    backward: [PlanRequest.Backward] = [], targets: [[Int]], targetsPerWalk: Int = 1
  ) throws -> [WholeResult] {
    var results = inputs.map { _ in WholeResult() }
    try run(
      PlanRequest(
        inputShape: Shape([inputs.count] + network.inputShape.extents.dropFirst()),
        recorded: recorded, needsOutput: needsOutput, backward: backward,
        targetsPerWalk: targetsPerWalk),
      writeInput: { span in
        for (index, number) in inputs.joined().enumerated() { span[index] = number }
      },
      chooseTargets: { forward throws(GradCAMError) in
        for (index, result) in forward.enumerated() {
          results[index].output = result.output
          for tensor in result.activations {
            results[index].activations.append(try tensor.copied())
          }
        }
        return targets.map { $0.map { OutputWeights(element: $0) } }
      },
      eachTarget: { _, walked throws(GradCAMError) in
        #expect(walked.place == results[walked.picture].gradients.count)
        var gradients: [Tensor] = []
        for tensor in walked.gradients.joined() { gradients.append(try tensor.copied()) }
        results[walked.picture].gradients.append(gradients)
      })
    return results
  }

  /// Runs with one input.
  func everything(
    _ input: [Float], recorded: [Int] = [], needsOutput: Bool = true,
    backward: [PlanRequest.Backward] = [], targets: [Int] = [], targetsPerWalk: Int = 1
  ) throws -> WholeResult {
    try everything(
      [input], recorded: recorded, needsOutput: needsOutput, backward: backward,
      targets: [targets], targetsPerWalk: targetsPerWalk)[0]
  }
}
