import GradCAMPPKernels

/// One operation of a network: its shape rule, its forward rule and its gradient rule.
///
/// Operators hold their weights and are immutable. Tensors are (N, spatial…, C). An operator is one
/// file here and one line in `Operators.all`.
public protocol Operator: Sendable {
  /// What it is, as shown to users: "convolution".
  var kind: String { get }

  /// Which forward tensors `gradient` reads.
  var gradientNeeds: GradientNeeds { get }

  /// Whether the outputs are a linear function of the inputs plus a constant.
  ///
  /// The gradient is then the same at every point and reads no forward tensor, so that several
  /// walks back are one batch.
  var isLinear: Bool { get }

  /// Whether the only output is the only input's memory under another shape: such an operator
  /// computes nothing, forward or back.
  var isView: Bool { get }

  /// The outputs' shapes, or `badData` when the inputs' shapes cannot be served.
  func outputShapes(_ inputs: [Shape]) throws(GradCAMError) -> [Shape]

  /// Products that are added to a sum for one element of the outputs, 1 or more.
  func multiplyAddsForElement(_ inputs: [Shape]) -> Int

  /// Elements of scratch memory that `forward` needs.
  func forwardScratch(_ inputs: [Shape]) throws(GradCAMError) -> Int

  /// Elements of scratch memory that `gradient` needs.
  func gradientScratch(_ inputs: [Shape]) throws(GradCAMError) -> Int

  /// Computes the outputs.
  func forward(_ slots: ForwardSlots, in run: Run) throws(GradCAMError)

  /// Computes the gradients by the wanted inputs, replacing what is in their slots.
  func gradient(_ slots: GradientSlots, in run: Run) throws(GradCAMError)
}

extension Operator {
  /// None.
  public var gradientNeeds: GradientNeeds { .nothing }

  /// False.
  public var isLinear: Bool { false }

  /// False.
  public var isView: Bool { false }

  /// One.
  public func multiplyAddsForElement(_ inputs: [Shape]) -> Int { 1 }

  /// None.
  public func forwardScratch(_ inputs: [Shape]) throws(GradCAMError) -> Int { 0 }

  /// None.
  public func gradientScratch(_ inputs: [Shape]) throws(GradCAMError) -> Int { 0 }
}

/// Which forward tensors a step back through an operator reads.
public struct GradientNeeds: Hashable, Sendable {
  /// Places of the inputs of the forward pass.
  public let inputs: Set<Int>

  /// Places of its outputs.
  public let outputs: Set<Int>

  /// Some inputs and outputs.
  public init(inputs: Set<Int> = [], outputs: Set<Int> = []) {
    self.inputs = inputs
    self.outputs = outputs
  }

  /// No forward tensor.
  public static let nothing = GradientNeeds()
}

/// Where an operator finds its tensors in the forward pass.
public struct ForwardSlots: Sendable {
  /// One for each input.
  public let inputs: [TensorSlot]
  /// One for each output.
  public let outputs: [TensorSlot]
  /// As many elements as `forwardScratch` asked for.
  public let scratch: TensorSlot

  /// The first output.
  public var output: TensorSlot { outputs[0] }
}

/// Where a step back through an operator finds its tensors.
public struct GradientSlots: Sendable {
  /// The gradient by each output; nil for an output on which the target does not depend.
  ///
  /// One at least is there.
  public let outputGradients: [TensorSlot?]
  /// The shape of every input, wanted or not, in the batch of this walk.
  public let inputShapes: [Shape]
  /// The inputs of the forward pass; empty where they are not needed.
  public let inputs: [TensorSlot]
  /// The outputs of the forward pass; empty where they are not needed.
  public let outputs: [TensorSlot]
  /// The gradient by each input, nil for an input whose gradient nobody wants.
  public let inputGradients: [TensorSlot?]
  /// As much scratch memory as was asked for.
  public let scratch: TensorSlot

  /// The gradient by the first output, which is there when the operator has no other.
  public var outputGradient: TensorSlot { outputGradients[0] ?? .empty }
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
