import GradCAMPPKernels

@testable import GradCAMPPCore

/// The sum of two tensors: the smallest operator that makes a graph more than a chain.
struct Addition: Operator {
  var kind: String { "addition" }

  var gradientNeeds: GradientNeeds { [] }

  func outputShape(_ inputs: [Shape]) throws(GradCAMError) -> Shape {
    guard inputs[0] == inputs[1] else {
      throw GradCAMError(.badData, "cannot add \(inputs[0]) and \(inputs[1])")
    }
    return inputs[0]
  }

  func forward(_ slots: ForwardSlots, in run: Run) throws(GradCAMError) {
    copy(slots.inputs[0], to: slots.output, run)
    run.memory.read(slots.inputs[1]) { second in
      run.memory.write(slots.output) { run.kernels.add(second, to: &$0) }
    }
  }

  func gradient(_ slots: GradientSlots, rule: BackwardRule, in run: Run) throws(GradCAMError) {
    for case let result? in slots.inputGradients { copy(slots.outputGradient, to: result, run) }
  }

  private func copy(_ source: TensorSlot, to target: TensorSlot, _ run: Run) {
    run.memory.read(source) { source in
      run.memory.write(target) { target in
        for index in source.indices { target[index] = source[index] }
      }
    }
  }
}
