import GradCAMPPKernels

/// Min: `min(a, b)`.
enum MinNode: ArithmeticNode {
  static let operation = "Min"
  static let function = ArithmeticFunction.minimum
}
