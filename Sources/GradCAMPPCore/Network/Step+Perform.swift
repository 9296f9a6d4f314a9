import GradCAMPPKernels

extension Step {
  /// Does the step; `targets` are those of all items of one walk.
  func perform(_ run: Run, targets: [OutputWeights]) throws(GradCAMError) {
    switch self {
    case .forward(let operation, let slots):
      try operation.forward(slots, in: run)
    case .backward(let way, let slots):
      try way.run(slots, in: run)
    case .seed(let slot):
      var seed = run.memory.writing(slot)
      run.kernels.clear(&seed)
      let count = slot.shape.withoutBatch.count
      for item in 0..<slot.shape[0] {
        for entry in targets[item % targets.count].entries {
          seed[item * count + entry.element] = entry.weight
        }
      }
    case .clear(let slot):
      var numbers = run.memory.writing(slot)
      run.kernels.clear(&numbers)
    case .replicate(let original, let times, let copies):
      var result = run.memory.writing(copies)
      run.kernels.replicate(
        run.memory.reading(original), itemCount: original.shape.count / original.shape[0],
        times: times, into: &result)
    case .add(let values, let sum):
      var result = run.memory.writing(sum)
      run.kernels.add(run.memory.reading(values), to: &result)
    }
  }
}
