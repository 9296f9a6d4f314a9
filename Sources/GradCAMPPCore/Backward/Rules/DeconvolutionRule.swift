import GradCAMPPKernels

/// The deconvolutional network: a rectifier passes the positive part of what arrives, whatever it
/// did on the way forward.
///
/// Zeiler and Fergus 2014, "Visualizing and Understanding Convolutional Networks", section 2.1.
public struct DeconvolutionRule: BackwardRule {
  /// The rule.
  public init() {}

  /// "deconvolution".
  public var name: String { "deconvolution" }

  /// What it passes.
  public var summary: String { "the positive part of what arrives at a rectifier" }

  /// The positive part at rectifiers, and at everything else the gradient.
  ///
  /// Throws `invalidArgument` for activations that are not rectifiers, whose outputs it was not
  /// defined for.
  public func step(through operation: any Operator) throws(GradCAMError) -> any BackwardStep {
    guard let activation = operation as? any Activation else { return OperatorGradient(operation) }
    guard activation.isRectifier else {
      throw GradCAMError(
        .invalidArgument,
        "the deconvolutional network is defined for rectifiers such as ReLU, and this network has "
          + "\(activation.kind); choose the method \"gradient\"")
    }
    return DeconvolvedRectifier()
  }
}

extension BackwardRule where Self == DeconvolutionRule {
  /// The deconvolutional network.
  public static var deconvolution: DeconvolutionRule { DeconvolutionRule() }
}

/// `dx = max(dy, 0)`.
private struct DeconvolvedRectifier: BackwardStep {
  let needs = GradientNeeds()

  let isLinear = false

  func scratch(_ inputs: [Shape]) -> Int { 0 }

  func run(_ slots: GradientSlots, in run: Run) {
    guard let result = slots.inputGradients[0] else { return }
    var inputGradient = run.memory.writing(result)
    run.kernels.rectify(run.memory.reading(slots.outputGradient), into: &inputGradient)
  }
}
