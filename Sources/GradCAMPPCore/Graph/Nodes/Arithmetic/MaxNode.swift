import GradCAMPPKernels

/// Max: `max(a, b)`.
enum MaxNode: ArithmeticNode {
  static let operation = "Max"
  static let function = ArithmeticFunction.maximum
}
