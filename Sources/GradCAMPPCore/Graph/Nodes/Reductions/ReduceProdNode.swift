import GradCAMPPKernels

/// ReduceProd: the product over axes.
enum ReduceProdNode: ReductionNode {
  static let operation = "ReduceProd"
  static let function = ReductionFunction.product
}
