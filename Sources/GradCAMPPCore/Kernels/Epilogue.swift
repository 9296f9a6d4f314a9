/// What a kernel does to its sums, the bias added, before they are stored: an addend, an activation,
/// a pooling, in this order.
///
/// A plan hands it to the kernel as data, so that one step covers an operator and those behind it.
/// The result is bit for bit that of the steps one by one.
public struct Epilogue: Hashable, Sendable {
  /// An activation function.
  public enum Activation: Hashable, Sendable {
    /// The sums as they are.
    case identity
    /// Negative sums become 0.
    case relu
    /// Each sum becomes a function of it.
    case function(ElementFunction)
  }

  /// Whether a tensor of the result's shape is added to the sums: the way around a residual block.
  public var addsResidual = false

  /// What is done to each sum.
  public var activation = Activation.identity

  /// Whether of each 2x2 cells the largest is kept, after the activation; for even extents, by
  /// Winograd's way only.
  public var pools = false

  /// Nothing: the sums are stored as they are.
  public static let none = Epilogue()

  /// An epilogue.
  public init(
    addsResidual: Bool = false, activation: Activation = .identity, pools: Bool = false
  ) {
    self.addsResidual = addsResidual
    self.activation = activation
    self.pools = pools
  }
}
