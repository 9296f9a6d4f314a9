import GradCAMPPKernels

/// Sub: `a - b`.
enum SubNode: ArithmeticNode {
  static let operation = "Sub"
  static let function = ArithmeticFunction.subtract
}
