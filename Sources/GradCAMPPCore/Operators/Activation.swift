import GradCAMPPKernels

/// An operator that replaces each number by a function of it.
public protocol Activation: Operator {
  /// The same function as an epilogue of the step before; nil where it is no function of one number.
  var epilogue: Epilogue.Activation? { get }

  /// Whether it is 0, the number itself or a bound above it, its derivative 0 or 1: then guided
  /// backpropagation is defined for it.
  var isRectifier: Bool { get }
}

/// An operator whose kernels take an epilogue: it does the work of those behind it, too.
///
/// Where the epilogue adds a residual, that is a second input, of the output's shape.
public protocol EpilogueCarrier: Operator {
  /// What is done to the sums today.
  var epilogue: Epilogue { get }

  /// The same operator with another epilogue; nil where its kernels cannot have it for inputs of
  /// these shapes.
  func carrying(
    _ epilogue: Epilogue, _ inputs: [Shape]
  ) throws(GradCAMError) -> (any EpilogueCarrier)?
}

extension Epilogue {
  /// Throws `badData` when the inputs of a carrier do not end with what it adds.
  func check(_ inputs: [Shape], output: Shape) throws(GradCAMError) {
    guard addsResidual, inputs.count != 2 || inputs[1] != output else { return }
    throw GradCAMError(
      .badData,
      "a tensor of shape \(output.withoutBatch) is added to another; expected two inputs, the second "
        + "of this shape")
  }
}
