import GradCAMPPKernels

/// The rectifier, `max(x, 0)`.
///
/// Its gradient reads the output alone, since the output is positive where the input is. So the
/// input need not be kept, and a convolution may rectify its own result.
public struct ReLU: Operator {
  /// A rectifier.
  public init() {}

  /// "ReLU".
  public var kind: String { "ReLU" }

  /// The output.
  public var gradientNeeds: GradientNeeds { .output }

  /// The input's shape.
  public func outputShape(_ inputs: [Shape]) throws(GradCAMError) -> Shape { inputs[0] }

  /// `y = max(x, 0)`.
  public func forward(_ slots: ForwardSlots, in run: Run) throws(GradCAMError) {
    run.memory.read(slots.inputs[0]) { input in
      run.memory.write(slots.output) { output in
        run.kernels.rectify(input, into: &output)
      }
    }
  }

  /// `dx = dy` where `y > 0`; under the guided rule also `dy > 0`.
  public func gradient(
    _ slots: GradientSlots, rule: BackwardRule, in run: Run
  ) throws(GradCAMError) {
    guard let result = slots.inputGradients[0] else { return }
    run.memory.read(slots.outputGradient) { outputGradient in
      run.memory.read(slots.output) { output in
        run.memory.write(result) { inputGradient in
          run.kernels.rectifyGradient(
            outputGradient, output: output, onlyPositive: rule == .guided, into: &inputGradient)
        }
      }
    }
  }
}
