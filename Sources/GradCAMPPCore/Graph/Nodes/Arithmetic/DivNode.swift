import GradCAMPPKernels

/// Div: `a / b`.
enum DivNode: ArithmeticNode {
  static let operation = "Div"
  static let function = ArithmeticFunction.divide
}
