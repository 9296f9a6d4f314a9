import GradCAMPPKernels

/// ReduceSum: the sum over axes.
enum ReduceSumNode: ReductionNode {
  static let operation = "ReduceSum"
  static let function = ReductionFunction.sum
}
