import GradCAMPPKernels

/// An operator that replaces each number by a function of it.
public protocol Activation: Operator {
  /// The same function as an epilogue of the step before, nil where kernels do not have it.
  var epilogue: Epilogue.Activation? { get }

  /// Whether it is 0, the number itself or a bound above it, its derivative 0 or 1: then guided
  /// backpropagation is defined for it.
  var isRectifier: Bool { get }
}

/// An operator whose kernels take an epilogue: it does the work of those behind it, too.
public protocol EpilogueCarrier: Operator {
  /// What is done to the sums today.
  var epilogue: Epilogue { get }

  /// The same operator with another epilogue; nil where its kernels cannot have it for inputs of
  /// these shapes.
  func carrying(
    _ epilogue: Epilogue, _ inputs: [Shape]
  ) throws(GradCAMError) -> (any EpilogueCarrier)?
}
