import GradCAMPPKernels

/// ReduceMin: the smallest number over axes.
enum ReduceMinNode: ReductionNode {
  static let operation = "ReduceMin"
  static let function = ReductionFunction.minimum
}
