import GradCAMPPKernels

/// Add: `a + b`.
enum AddNode: ArithmeticNode {
  static let operation = "Add"
  static let function = ArithmeticFunction.add
}
