@testable import GradCAMPPCore
@testable import GradCAMPPKernels

/// What a step of a plan has to do at least.
struct StepWork {
  /// "convolution 224x224x3 to 224x224x64".
  let name: String
  /// "winograd"; empty where there is no choice.
  var algorithm = ""
  /// Floating-point operations of the convolution's or product's definition.
  var definedOperations = 0
  /// Floating-point operations of the matrix products that are done instead.
  var operations = 0
  /// Bytes that are read or written once: tensors, and weights in the layout that is read.
  var bytes = 0

  /// The work of a forward step; dense layers do not read rows whose input is 0.
  init(forward operation: any Operator, _ slots: ForwardSlots, _ memory: MemoryBlock<Float>) throws
  {
    let input = slots.inputs[0].shape, output = slots.output.shape
    name = "\(operation.kind) \(input.withoutBatch) to \(output.withoutBatch)"
    bytes = 4 * (input.count + output.count)
    if let convolution = operation as? Convolution {
      add(try convolution.step(input, .forward))
    } else if operation is Dense {
      let rows = memory.read(slots.inputs[0]) { span in span.indices.count { span[$0] != 0 } }
      add(rows: rows, columns: output.count)
      definedOperations = 2 * input.count * output.count
    }
  }

  /// The work of a step back.
  init(backward way: any BackwardStep, _ slots: GradientSlots) throws {
    let operation = (way as? OperatorGradient)?.operation
    let input = slots.inputGradients[0]?.shape ?? slots.outputGradient.shape
    let output = slots.outputGradient.shape
    name = "\(operation?.kind ?? "guided ReLU") \(input.withoutBatch) from \(output.withoutBatch)"
    let forwardTensors = slots.inputs + slots.outputs
    bytes = 4 * (input.count + output.count + forwardTensors.reduce(0) { $0 + $1.shape.count })
    if let convolution = operation as? Convolution {
      add(try convolution.step(input, .gradient))
    } else if operation is Dense {
      add(rows: input.count, columns: output.count)
      definedOperations = operations
    }
  }

  private mutating func add(_ step: ConvolutionStep) {
    let cells = step.geometry.batch * step.geometry.output.count
    let filter = step.filter
    algorithm = "\(step.algorithm)"
    definedOperations = 2 * cells * filter.count
    bytes += 4 * FilterLayout(step).packedCount
    guard step.algorithm == .winograd else {
      operations = definedOperations
      return
    }
    let layout = WinogradLayout(step, panelWidth: FilterLayout.widestPanel)
    operations = 2 * 36 * layout.tiles * filter.inputs * filter.outputs
  }

  private mutating func add(rows: Int, columns: Int) {
    operations = 2 * rows * columns
    bytes += 4 * rows * columns
  }
}
