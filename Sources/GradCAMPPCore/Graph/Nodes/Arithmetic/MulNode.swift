import GradCAMPPKernels

/// Mul: `a b`.
enum MulNode: ArithmeticNode {
  static let operation = "Mul"
  static let function = ArithmeticFunction.multiply
}
