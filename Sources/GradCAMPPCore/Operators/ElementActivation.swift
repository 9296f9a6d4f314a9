import GradCAMPPKernels

/// An activation that kernels have a function for; ReLU has an operator of its own.
public struct ElementActivation: Activation {
  /// What each number is replaced by.
  public let function: ElementFunction

  /// The activation by a function.
  public init(_ function: ElementFunction) { self.function = function }

  /// What the function is called: "sigmoid".
  public var kind: String { function.name }

  /// The function, which kernels apply to their results.
  public var epilogue: Epilogue.Activation? { .function(function) }

  /// True for the rectifier with an upper bound, ReLU6.
  public var isRectifier: Bool {
    if case .boundedRectifier = function { true } else { false }
  }

  /// The output where the derivative follows from it, else the input.
  public var gradientNeeds: GradientNeeds {
    function.derivativeReadsOutput ? GradientNeeds(outputs: [0]) : GradientNeeds(inputs: [0])
  }

  /// The input's shape.
  public func outputShapes(_ inputs: [Shape]) throws(GradCAMError) -> [Shape] { [inputs[0]] }

  /// `y = f(x)`; NaN where x is not finite.
  public func forward(_ slots: ForwardSlots, in run: Run) throws(GradCAMError) {
    var output = run.memory.writing(slots.output)
    run.kernels.apply(function, run.memory.reading(slots.inputs[0]), into: &output)
  }

  /// `dx = dy f'`.
  public func gradient(_ slots: GradientSlots, in run: Run) throws(GradCAMError) {
    guard let result = slots.inputGradients[0] else { return }
    let source = function.derivativeReadsOutput ? slots.outputs[0] : slots.inputs[0]
    var inputGradient = run.memory.writing(result)
    run.kernels.applyDerivative(
      function, at: run.memory.reading(source), run.memory.reading(slots.outputGradient),
      into: &inputGradient)
  }
}

extension ElementFunction {
  /// What it is called, as shown to users.
  var name: String {
    switch self {
    case .absoluteValue: "absolute value"
    case .boundedRectifier(let upper): upper == 6 ? "ReLU6" : "bounded ReLU"
    case .clip: "clip"
    case .errorFunction: "error function"
    case .exponential: "exponential"
    case .exponentialLinear: "ELU"
    case .gelu, .geluByTanh: "GELU"
    case .hardSigmoid: "hard sigmoid"
    case .hardSwish: "hard swish"
    case .leakyRectifier: "leaky ReLU"
    case .logarithm: "logarithm"
    case .mish: "Mish"
    case .power: "power"
    case .reciprocal: "reciprocal"
    case .sigmoid: "sigmoid"
    case .silu: "SiLU"
    case .softplus: "softplus"
    case .squareRoot: "square root"
    case .tanh: "tanh"
    }
  }
}
