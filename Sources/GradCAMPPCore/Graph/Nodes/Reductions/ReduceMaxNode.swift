import GradCAMPPKernels

/// ReduceMax: the largest number over axes.
enum ReduceMaxNode: ReductionNode {
  static let operation = "ReduceMax"
  static let function = ReductionFunction.maximum
}
