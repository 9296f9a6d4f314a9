import GradCAMPPKernels

@testable import GradCAMPPCore

/// Runs one operator alone, in a workspace of its own.
struct OperatorBench {
  let operation: any Operator
  let inputShape: Shape
  let kernels: any KernelSet.Type

  func forward(_ input: [Float]) throws -> [Float] {
    let outputShape = try operation.outputShape([inputShape])
    var layout = Layout()
    let slots = ForwardSlots(
      inputs: [layout.slot(inputShape)], output: layout.slot(outputShape),
      scratch: layout.slot(Shape([try operation.forwardScratch([inputShape])])))
    let memory = try layout.memory()
    write(input, to: slots.inputs[0], of: memory)
    try operation.forward(slots, in: Run(memory: memory, kernels: kernels))
    return read(slots.output, of: memory)
  }

  func gradient(
    _ outputGradient: [Float], input: [Float], output: [Float], rule: BackwardRule = .gradient
  ) throws -> [Float] {
    let outputShape = try operation.outputShape([inputShape])
    var layout = Layout()
    let result = layout.slot(inputShape)
    let slots = GradientSlots(
      outputGradient: layout.slot(outputShape), inputs: [layout.slot(inputShape)],
      output: layout.slot(outputShape), inputGradients: [result],
      scratch: layout.slot(Shape([try operation.gradientScratch([inputShape])])))
    let memory = try layout.memory()
    write(outputGradient, to: slots.outputGradient, of: memory)
    write(input, to: slots.inputs[0], of: memory)
    write(output, to: slots.output, of: memory)
    try operation.gradient(slots, rule: rule, in: Run(memory: memory, kernels: kernels))
    return read(result, of: memory)
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
