import Glibc
import GradCAMPPKernelDispatch
import Testing

@testable import GradCAMPPCore
@testable import GradCAMPPKernels

/// Times each step of a whole walk, forward and back to the pixels, for `make bench`.
///
/// Runs only when `GRADCAMPP_TIMINGS` names a weight file; prints one line for each step, fields
/// separated by tabs. Steps run one after the other as in a real run, so that caches hold what they
/// hold there; the fastest of some rounds counts.
@Test(.enabled(if: getenv("GRADCAMPP_TIMINGS") != nil))
func timings() throws {
  let path = String(cString: try #require(getenv("GRADCAMPP_TIMINGS")))
  let network = try ModelBuilders.build(WeightFormats.open(path: path)).network
  var builder = try PlanBuilder(
    network: network,
    request: PlanRequest(
      inputShape: network.inputShape, backward: [.init(destination: 0, rule: .guided)]))
  let plan = try builder.build()
  let memory = try MemoryBlock<Float>(count: plan.workspaceCount)
  let run = Run(memory: memory, kernels: KernelDispatch.active)
  var random = RepeatableRandom(seed: 1)
  let input = random.floats(network.inputShape.count).map { $0 * 100 }
  var fastest: [Int: Double] = [:]
  for _ in 0..<15 {
    memory.write(plan.input) { span in
      for index in 0..<span.count { span[index] = input[index] }
    }
    for (place, step) in (plan.forward + plan.backward).enumerated() {
      let start = milliseconds()
      try step.perform(run, targets: [OutputWeights(element: 0)])
      fastest[place] = min(fastest[place] ?? .infinity, milliseconds() - start)
    }
  }
  for (place, step) in (plan.forward + plan.backward).enumerated() {
    guard let work = try work(of: step, memory), let time = fastest[place] else { continue }
    print(
      "timing", work.name, work.algorithm, time, work.definedOperations, work.operations,
      work.bytes, separator: "\t")
  }
}

private func milliseconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) * 1e3 + Double(time.tv_nsec) * 1e-6
}

private func work(of step: Step, _ memory: MemoryBlock<Float>) throws -> StepWork? {
  switch step {
  case .forward(let operation, let slots): try StepWork(forward: operation, slots, memory)
  case .backward(let way, let slots): try StepWork(backward: way, slots)
  case .seed, .clear, .replicate, .add: nil
  }
}
