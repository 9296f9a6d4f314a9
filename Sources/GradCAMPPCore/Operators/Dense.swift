import GradCAMPPKernels

/// A dense layer, `y = x W + b`, with W (inputs, outputs).
///
/// An input of several axes is taken in its memory order, channels innermost, as TensorFlow
/// flattens. The matrix is read where it lies, which may be a mapped file.
public struct Dense: Operator {
  private let weights: WeightArray
  private let biases: [Float]
  private let rectifies: Bool

  /// A layer with a matrix (inputs, outputs) and one bias for each output.
  public init(weights: WeightArray, biases: [Float]) {
    self.init(weights: weights, biases: biases, rectifies: false)
  }

  private init(weights: WeightArray, biases: [Float], rectifies: Bool) {
    precondition(weights.shape.rank == 2 && weights.shape[1] == biases.count, "not a dense layer")
    self.weights = weights
    self.biases = biases
    self.rectifies = rectifies
  }

  /// "dense".
  public var kind: String { "dense" }

  /// None: the gradient by the input depends on the weights alone.
  public var gradientNeeds: GradientNeeds { [] }

  /// The same layer, rectifying its result.
  public var rectified: (any Operator)? {
    Dense(weights: weights, biases: biases, rectifies: true)
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
    run.memory.read(slots.inputs[0]) { input in
      run.memory.write(slots.scratch) { scratch in
        run.memory.write(slots.output) { output in
          weights.read { weights in
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
    run.memory.read(slots.outputGradient) { outputGradient in
      run.memory.write(result) { inputGradient in
        weights.read { weights in
          run.kernels.denseGradient(outputGradient, weights, shape: shape, into: &inputGradient)
        }
      }
    }
  }

  /// Reads the whole matrix.
  public func checkWeights(layer: String, kernels: any KernelSet.Type) throws(GradCAMError) {
    guard weights.read({ kernels.isFinite($0) }) else {
      throw GradCAMError(
        .badData, "the weights of layer \(layer) hold NaN or infinity; finite numbers are expected")
    }
  }
}
