import GradCAMPPKernels

/// A dense layer, `y = x W + b`, with W (inputs, outputs).
///
/// An input of several axes is taken in its memory order, channels innermost, as TensorFlow
/// flattens. The matrix is read where it lies, which may be a mapped file.
public struct Dense: Operator {
  let weights: CheckedMatrix
  private let biases: [Float]
  private let rectifies: Bool

  /// A layer with a matrix (inputs, outputs) and one bias for each output.
  ///
  /// `layer` is what messages about the weights call it.
  public init(layer: String, weights: WeightArray, biases: [Float]) {
    precondition(weights.shape.rank == 2 && weights.shape[1] == biases.count, "not a dense layer")
    self.init(CheckedMatrix(layer: layer, weights), biases: biases, rectifies: false)
  }

  private init(_ weights: CheckedMatrix, biases: [Float], rectifies: Bool) {
    self.weights = weights
    self.biases = biases
    self.rectifies = rectifies
  }

  /// "dense".
  public var kind: String { "dense" }

  /// None: the gradient by the input depends on the weights alone.
  public var gradientNeeds: GradientNeeds { [] }

  /// With ReLU: the same layer, rectifying its result.
  public func fused(with next: any Operator, _ inputs: [Shape]) -> (any Operator)? {
    next is ReLU && !rectifies ? Dense(weights, biases: biases, rectifies: true) : nil
  }

  private func shape(batch: Int) -> DenseShape {
    DenseShape(batch: batch, inputs: weights.shape[0], outputs: weights.shape[1])
  }

  /// (N, outputs).
  public func outputShape(_ inputs: [Shape]) throws(GradCAMError) -> Shape {
    let input = inputs[0]
    guard input.withoutBatch.count == weights.shape[0] else {
      throw GradCAMError(
        .badData,
        "a dense layer of \(weights.shape[0]) inputs cannot take a tensor of shape "
          + "\(input.withoutBatch), which has \(input.withoutBatch.count) elements")
    }
    return Shape([input[0], weights.shape[1]])
  }

  /// A partial sum for each segment of rows.
  public func forwardScratch(_ inputs: [Shape]) -> Int { shape(batch: inputs[0][0]).scratch }

  /// `y = x W + b`.
  public func forward(_ slots: ForwardSlots, in run: Run) throws(GradCAMError) {
    let shape = shape(batch: slots.output.shape[0])
    let matrix = try weights.checked(kernels: run.kernels)
    run.memory.read(slots.inputs[0]) { input in
      run.memory.write(slots.scratch) { scratch in
        run.memory.write(slots.output) { output in
          matrix.read { weights in
            run.kernels.dense(
              input, weights, bias: biases.span, shape: shape, rectifies: rectifies,
              scratch: &scratch, into: &output)
          }
        }
      }
    }
  }

  /// `dx = dy Wᵀ`.
  public func gradient(
    _ slots: GradientSlots, rule: BackwardRule, in run: Run
  ) throws(GradCAMError) {
    guard let result = slots.inputGradients[0] else { return }
    let shape = shape(batch: result.shape[0])
    let matrix = try weights.checked(kernels: run.kernels)
    run.memory.read(slots.outputGradient) { outputGradient in
      run.memory.write(result) { inputGradient in
        matrix.read { weights in
          run.kernels.denseGradient(outputGradient, weights, shape: shape, into: &inputGradient)
        }
      }
    }
  }
}
