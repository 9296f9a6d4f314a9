import GradCAMPPKernels

/// Guided backpropagation: the derivative, but a rectifier passes positive gradients only.
///
/// Springenberg et al. 2015, "Striving for Simplicity", section 3.4.
public struct GuidedRule: BackwardRule {
  /// The rule.
  public init() {}

  /// "guided".
  public var name: String { "guided" }

  /// What it passes.
  public var summary: String { "positive gradients of positive activations alone" }

  /// A rectifier's guided step, and of everything else the gradient.
  ///
  /// Throws `invalidArgument` for activations that are not rectifiers: the rule rests on outputs
  /// that are 0 or pass.
  public func step(through operation: any Operator) throws(GradCAMError) -> any BackwardStep {
    guard let activation = operation as? any Activation else { return OperatorGradient(operation) }
    guard activation.isRectifier else {
      throw GradCAMError(
        .invalidArgument,
        "guided backpropagation is defined for rectifiers such as ReLU, and this network has "
          + "\(activation.kind); explain it without guided gradients")
    }
    return activation is ReLU ? GuidedReLU() : GuidedRectifier(activation)
  }
}

extension BackwardRule where Self == GuidedRule {
  /// Guided backpropagation.
  public static var guided: GuidedRule { GuidedRule() }
}

/// `dx = dy` where `y > 0` and `dy > 0`.
private struct GuidedReLU: BackwardStep {
  let needs = GradientNeeds(outputs: [0])

  let isLinear = false

  func scratch(_ inputs: [Shape]) -> Int { 0 }

  func run(_ slots: GradientSlots, in run: Run) {
    guard let result = slots.inputGradients[0] else { return }
    var inputGradient = run.memory.writing(result)
    run.kernels.rectifyGradient(
      run.memory.reading(slots.outputGradient), output: run.memory.reading(slots.outputs[0]),
      onlyPositive: true, into: &inputGradient)
  }
}

/// `dx = max(dy, 0) f'` of a rectifier, whose derivative is 0 or 1: the positive ones among its
/// gradients.
private struct GuidedRectifier: BackwardStep {
  private let activation: any Activation

  init(_ activation: any Activation) { self.activation = activation }

  var needs: GradientNeeds { activation.gradientNeeds }

  let isLinear = false

  func scratch(_ inputs: [Shape]) -> Int { inputs[0].count }

  func run(_ slots: GradientSlots, in run: Run) throws(GradCAMError) {
    guard let result = slots.inputGradients[0] else { return }
    try activation.gradient(
      GradientSlots(
        outputGradients: slots.outputGradients, inputShapes: slots.inputShapes,
        inputs: slots.inputs, outputs: slots.outputs, inputGradients: [slots.scratch],
        scratch: .empty), in: run)
    var inputGradient = run.memory.writing(result)
    run.kernels.rectify(run.memory.reading(slots.scratch), into: &inputGradient)
  }
}
