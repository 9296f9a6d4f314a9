import GradCAMPPKernels

/// Two tensors combined element by element; axes of extent 1 are spread over the other's.
///
/// Shapes meet from the innermost axis on, as in NumPy. One of the two may be a constant.
public struct Arithmetic: Operator {
  /// What the elements are combined by.
  public let function: ArithmeticFunction

  /// The operand that is given, and whether it is the left one.
  private let constant: (tensor: Tensor, isLeft: Bool)?

  /// A function of two inputs.
  public init(_ function: ArithmeticFunction) {
    self.function = function
    constant = nil
  }

  /// A function of a constant, which is the left or right operand, and one input.
  public init(_ function: ArithmeticFunction, constant: Tensor, isLeft: Bool) {
    self.function = function
    self.constant = (constant, isLeft)
  }

  /// "multiplication" and the like.
  public var kind: String {
    switch function {
    case .add: "addition"
    case .subtract: "subtraction"
    case .multiply: "multiplication"
    case .divide: "division"
    case .minimum: "minimum"
    case .maximum: "maximum"
    case .power: "power"
    }
  }

  /// Sums and differences; products with and quotients by a constant.
  public var isLinear: Bool {
    switch function {
    case .add, .subtract: true
    case .multiply: constant != nil
    case .divide: constant.map { !$0.isLeft } ?? false
    case .minimum, .maximum, .power: false
    }
  }

  /// The inputs, where the derivative depends on them.
  public var gradientNeeds: GradientNeeds {
    if isLinear { return .nothing }
    return GradientNeeds(inputs: constant == nil ? [0, 1] : [0])
  }

  /// Shapes of the left and right operand.
  private func operands(_ inputs: [Shape]) -> (left: Shape, right: Shape) {
    guard let constant else { return (inputs[0], inputs[1]) }
    return constant.isLeft
      ? (constant.tensor.shape, inputs[0]) : (inputs[0], constant.tensor.shape)
  }

  /// For each axis the larger extent.
  public func outputShapes(_ inputs: [Shape]) throws(GradCAMError) -> [Shape] {
    let (left, right) = operands(inputs)
    // The batch of the result is that of the inputs.
    guard let extents = BroadcastAxes.extents(left, right),
      inputs.allSatisfy({ $0.rank == extents.count && $0[0] == extents[0] })
    else {
      throw GradCAMError(
        .badData,
        "tensors of shapes \(left) and \(right) cannot be combined; for each axis one extent, or 1, "
          + "is expected")
    }
    guard extents.count <= BroadcastAxes.maximumRank else {
      throw GradCAMError(
        .badData,
        "tensors of \(extents.count) axes cannot be combined; at most \(BroadcastAxes.maximumRank) "
          + "are expected")
    }
    return [Shape(extents)]
  }

  /// `y = f(a, b)`; NaN where one of them is not finite.
  public func forward(_ slots: ForwardSlots, in run: Run) throws(GradCAMError) {
    let shapes = operands(slots.inputs.map(\.shape))
    let axes = BroadcastAxes(shapes.left, shapes.right)
    let input = run.memory.reading(slots.inputs[0])
    var output = run.memory.writing(slots.output)
    guard let constant else {
      let right = run.memory.reading(slots.inputs[1])
      return run.kernels.combine(function, input, right, axes, into: &output)
    }
    constant.tensor.read { numbers in
      if constant.isLeft {
        run.kernels.combine(function, numbers, input, axes, into: &output)
      } else {
        run.kernels.combine(function, input, numbers, axes, into: &output)
      }
    }
  }

  /// `da = dy ∂f/∂a`, summed over the axes that a is spread over.
  public func gradient(_ slots: GradientSlots, in run: Run) throws(GradCAMError) {
    let shapes = operands(slots.inputShapes)
    let axes = BroadcastAxes(shapes.left, shapes.right)
    let arriving = run.memory.reading(slots.outputGradient)
    for (place, result) in slots.inputGradients.enumerated() {
      guard let result else { continue }
      var inputGradient = run.memory.writing(result)
      let first = run.memory.reading(slots.inputs[0])
      guard let constant else {
        run.kernels.combineGradient(
          function, isLeft: place == 0, arriving, first, run.memory.reading(slots.inputs[1]), axes,
          into: &inputGradient)
        continue
      }
      constant.tensor.read { numbers in
        if constant.isLeft {
          run.kernels.combineGradient(
            function, isLeft: false, arriving, numbers, first, axes, into: &inputGradient)
        } else {
          run.kernels.combineGradient(
            function, isLeft: true, arriving, first, numbers, axes, into: &inputGradient)
        }
      }
    }
  }
}
