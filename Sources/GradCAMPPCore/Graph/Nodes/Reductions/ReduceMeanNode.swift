import GradCAMPPKernels

/// ReduceMean: the mean over axes.
///
/// Over all spatial axes it is a GlobalAveragePool, which `RecognizeGlobalAverage` makes of it.
enum ReduceMeanNode: ReductionNode {
  static let operation = "ReduceMean"
  static let function = ReductionFunction.mean
}
