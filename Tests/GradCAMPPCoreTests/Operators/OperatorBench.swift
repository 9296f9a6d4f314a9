import GradCAMPPKernels

@testable import GradCAMPPCore

/// Runs one operator alone, in a workspace of its own.
struct OperatorBench {
  let operation: any Operator
  let inputShapes: [Shape]
  let kernels: any KernelSet.Type

  /// Every output.
  func forward(_ inputs: [[Float]]) throws -> [[Float]] {
    var layout = Layout()
    let slots = ForwardSlots(
      inputs: inputShapes.map { layout.slot($0) },
      outputs: try operation.outputShapes(inputShapes).map { layout.slot($0) },
      scratch: layout.slot(Shape([try operation.forwardScratch(inputShapes)])))
    let memory = try layout.memory()
    for (input, slot) in zip(inputs, slots.inputs) { write(input, to: slot, of: memory) }
    try operation.forward(slots, in: Run(memory: memory, kernels: kernels))
    return slots.outputs.map { read($0, of: memory) }
  }

  /// What leaves every input by a rule, the operator's gradient if none is named; only the forward
  /// tensors that the step says it needs are there.
  func gradient(
    _ outputGradients: [[Float]?], inputs: [[Float]], outputs: [[Float]],
    rule: any BackwardRule = .gradient, wanted: Set<Int>? = nil
  ) throws -> [[Float]?] {
    let step = try rule.step(through: operation)
    let outputShapes = try operation.outputShapes(inputShapes)
    var layout = Layout()
    let slots = GradientSlots(
      outputGradients: zip(outputShapes, outputGradients).map { shape, gradient in
        gradient == nil ? nil : layout.slot(shape)
      },
      inputShapes: inputShapes,
      inputs: inputShapes.indices.map {
        step.needs.inputs.contains($0) ? layout.slot(inputShapes[$0]) : .empty
      },
      outputs: outputShapes.indices.map {
        step.needs.outputs.contains($0) ? layout.slot(outputShapes[$0]) : .empty
      },
      inputGradients: inputShapes.indices.map {
        wanted?.contains($0) ?? true ? layout.slot(inputShapes[$0]) : nil
      },
      scratch: layout.slot(Shape([try step.scratch(inputShapes)])))
    let memory = try layout.memory()
    for (gradient, slot) in zip(outputGradients, slots.outputGradients) {
      if let gradient, let slot { write(gradient, to: slot, of: memory) }
    }
    let tensors = [(inputs, slots.inputs), (outputs, slots.outputs)].flatMap { Array(zip($0, $1)) }
    for (values, slot) in tensors where slot != .empty { write(values, to: slot, of: memory) }
    try step.run(slots, in: Run(memory: memory, kernels: kernels))
    return slots.inputGradients.map { $0.map { read($0, of: memory) } }
  }

  private struct Layout {
    var count = 0

    mutating func slot(_ shape: Shape) -> TensorSlot {
      defer { count += shape.count }
      return TensorSlot(offset: count, shape: shape)
    }

    /// Memory full of NaN, so that whatever an operator fails to write shows.
    func memory() throws -> MemoryBlock<Float> {
      let block = try MemoryBlock<Float>(count: count)
      block.write(TensorSlot(offset: 0, shape: Shape([count]))) { span in
        for index in 0..<span.count { span[index] = .nan }
      }
      return block
    }
  }

  private func write(_ values: [Float], to slot: TensorSlot, of memory: MemoryBlock<Float>) {
    memory.write(slot) { span in for index in values.indices { span[index] = values[index] } }
  }

  private func read(_ slot: TensorSlot, of memory: MemoryBlock<Float>) -> [Float] {
    Tensor(memory, slot).elements
  }
}
