import GradCAMPPKernels

/// ReduceL1: the sum of magnitudes over axes.
enum ReduceL1Node: ReductionNode {
  static let operation = "ReduceL1"
  static let function = ReductionFunction.absoluteSum
}
