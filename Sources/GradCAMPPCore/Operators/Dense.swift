import GradCAMPPKernels

/// A dense layer, `y = x W + b`, with W (inputs, outputs).
///
/// An input of several axes is taken in its memory order, channels innermost, as TensorFlow
/// flattens. A matrix that lies so is read where it is, which may be a mapped file.
public struct Dense: EpilogueCarrier {
  private let weights: CheckedMatrix
  private let biases: [Float]

  /// What is done to the sums.
  public let epilogue: Epilogue

  /// A layer with a matrix (inputs, outputs) and one bias for each output.
  ///
  /// `layer` is what messages about the weights call it.
  public init(layer: String, weights: ArrangedWeights, biases: [Float]) {
    precondition(weights.shape.rank == 2 && weights.shape[1] == biases.count, "not a dense layer")
    self.init(CheckedMatrix(layer: layer, weights), biases: biases, epilogue: .none)
  }

  /// A layer whose matrix lies as it wants it.
  public init(layer: String, weights: WeightArray, biases: [Float]) {
    self.init(layer: layer, weights: ArrangedWeights(weights), biases: biases)
  }

  private init(_ weights: CheckedMatrix, biases: [Float], epilogue: Epilogue) {
    self.weights = weights
    self.biases = biases
    self.epilogue = epilogue
  }

  /// "dense".
  public var kind: String { "dense" }

  /// Whether nothing but the sum is computed.
  public var isLinear: Bool { epilogue == .none }

  /// The same layer with another epilogue; it cannot pool.
  public func carrying(_ epilogue: Epilogue, _ inputs: [Shape]) -> (any EpilogueCarrier)? {
    epilogue.pools ? nil : Dense(weights, biases: biases, epilogue: epilogue)
  }

  private func shape(batch: Int) -> DenseShape {
    DenseShape(batch: batch, inputs: weights.shape[0], outputs: weights.shape[1])
  }

  /// (N, outputs).
  public func outputShapes(_ inputs: [Shape]) throws(GradCAMError) -> [Shape] {
    let input = inputs[0]
    guard input.withoutBatch.count == weights.shape[0] else {
      throw GradCAMError(
        .badData,
        "a dense layer of \(weights.shape[0]) inputs cannot take a tensor of shape "
          + "\(input.withoutBatch), which has \(input.withoutBatch.count) elements")
    }
    let output = Shape([input[0], weights.shape[1]])
    try epilogue.check(inputs, output: output)
    return [output]
  }

  /// The inputs.
  public func multiplyAddsForElement(_ inputs: [Shape]) -> Int { weights.shape[0] }

  /// A partial sum for each segment of rows.
  public func forwardScratch(_ inputs: [Shape]) -> Int { shape(batch: inputs[0][0]).scratch }

  /// `y = x W + b`.
  public func forward(_ slots: ForwardSlots, in run: Run) throws(GradCAMError) {
    let shape = shape(batch: slots.output.shape[0])
    let matrix = try weights.checked(kernels: run.kernels)
    let input = run.memory.reading(slots.inputs[0])
    let residual = epilogue.addsResidual ? run.memory.reading(slots.inputs[1]) : nil
    var scratch = run.memory.writing(slots.scratch)
    var output = run.memory.writing(slots.output)
    matrix.read { weights in
      run.kernels.dense(
        input, weights, bias: biases.span, shape: shape, epilogue: epilogue, residual: residual,
        scratch: &scratch, into: &output)
    }
  }

  /// `dx = dy Wᵀ`.
  public func gradient(_ slots: GradientSlots, in run: Run) throws(GradCAMError) {
    guard let result = slots.inputGradients[0] else { return }
    let shape = shape(batch: result.shape[0])
    let matrix = try weights.checked(kernels: run.kernels)
    let outputGradient = run.memory.reading(slots.outputGradient)
    var inputGradient = run.memory.writing(result)
    matrix.read { weights in
      run.kernels.denseGradient(outputGradient, weights, shape: shape, into: &inputGradient)
    }
  }
}
