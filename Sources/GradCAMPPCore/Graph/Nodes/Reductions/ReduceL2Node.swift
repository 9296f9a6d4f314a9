import GradCAMPPKernels

/// ReduceL2: the root of the sum of squares over axes.
enum ReduceL2Node: ReductionNode {
  static let operation = "ReduceL2"
  static let function = ReductionFunction.euclideanNorm
}
