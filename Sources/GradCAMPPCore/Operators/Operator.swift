import GradCAMPPKernels

/// How gradients pass a ReLU on their way back.
public enum BackwardRule: Hashable, Sendable {
  /// The derivative: where the output is positive.
  case gradient
  /// Guided backpropagation: where the output and the gradient are positive (Springenberg et al.
  /// 2015, "Striving for Simplicity", section 3.4).
  case guided
}

/// Which forward tensors an operator's gradient rule reads.
public struct GradientNeeds: OptionSet, Sendable {
  /// The bits.
  public let rawValue: Int

  /// A set from its bits.
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// The inputs of the forward pass.
  public static let inputs = GradientNeeds(rawValue: 1)

  /// The output of the forward pass.
  public static let output = GradientNeeds(rawValue: 2)
}

/// Where an operator finds its tensors in the forward pass.
public struct ForwardSlots: Sendable {
  /// One for each input.
  public let inputs: [TensorSlot]
  /// The result.
  public let output: TensorSlot
  /// As many elements as `forwardScratch` asked for.
  public let scratch: TensorSlot
}

/// Where an operator finds its tensors in the backward pass.
public struct GradientSlots: Sendable {
  /// The gradient by the operator's output.
  public let outputGradient: TensorSlot
  /// The inputs of the forward pass; filled in only if `gradientNeeds` has `.inputs`.
  public let inputs: [TensorSlot]
  /// The output of the forward pass; filled in only if `gradientNeeds` has `.output`.
  public let output: TensorSlot
  /// The gradient by each input, nil for an input whose gradient nobody wants.
  public let inputGradients: [TensorSlot?]
  /// As many elements as `gradientScratch` asked for.
  public let scratch: TensorSlot
}

/// What every step of a run shares.
public struct Run: Sendable {
  /// The memory that the slots are parts of.
  public let memory: MemoryBlock<Float>
  /// The loops to compute with.
  public let kernels: any KernelSet.Type

  /// A run in `memory`.
  public init(memory: MemoryBlock<Float>, kernels: any KernelSet.Type) {
    self.memory = memory
    self.kernels = kernels
  }
}

/// One operation of a network: its shape rule, its forward rule and its gradient rule.
///
/// Operators hold their weights and are immutable. Tensors are (N, spatial…, C).
public protocol Operator: Sendable {
  /// What it is, as shown to users: "convolution".
  var kind: String { get }

  /// Which forward tensors `gradient` reads.
  var gradientNeeds: GradientNeeds { get }

  /// The output's shape, or `badData` when the inputs' shapes cannot be served.
  func outputShape(_ inputs: [Shape]) throws(GradCAMError) -> Shape

  /// Elements of scratch memory that `forward` needs.
  func forwardScratch(_ inputs: [Shape]) throws(GradCAMError) -> Int

  /// Elements of scratch memory that `gradient` needs.
  func gradientScratch(_ inputs: [Shape]) throws(GradCAMError) -> Int

  /// Computes the output.
  func forward(_ slots: ForwardSlots, in run: Run) throws(GradCAMError)

  /// Computes the gradients by the wanted inputs, replacing what is in their slots.
  func gradient(
    _ slots: GradientSlots, rule: BackwardRule, in run: Run
  ) throws(GradCAMError)

  /// This operator and the one that takes its output as one step, or nil when they cannot be one.
  ///
  /// The step's output is bit for bit that of the two.
  func fused(with next: any Operator, _ inputs: [Shape]) throws(GradCAMError) -> (any Operator)?
}

extension Operator {
  /// Whether the gradient depends on weights alone, not on forward tensors: then rules make no
  /// difference either, and several walks are one batch.
  var isLinear: Bool { gradientNeeds.isEmpty }

  /// None.
  public func forwardScratch(_ inputs: [Shape]) throws(GradCAMError) -> Int { 0 }

  /// None.
  public func gradientScratch(_ inputs: [Shape]) throws(GradCAMError) -> Int { 0 }

  /// Nil.
  public func fused(
    with next: any Operator, _ inputs: [Shape]
  ) throws(GradCAMError) -> (any Operator)? { nil }
}
