import GradCAMPPKernels

/// The weights of a dense layer, which are read where they lie and checked on first use.
///
/// The forward pass skips rows whose input is 0, so a NaN may hide from one picture and not from
/// the next: the whole matrix is read once, at memory speed.
final class CheckedMatrix: @unchecked Sendable {
  /// (inputs, outputs).
  let shape: Shape

  private let layer: String
  private let weights: WeightArray
  /// Guarded by the process's lock.
  private var isChecked = false

  /// The matrix of a layer.
  init(layer: String, _ weights: WeightArray) {
    self.layer = layer
    self.weights = weights
    shape = weights.shape
  }

  /// The weights; throws `badData` when one is NaN or infinite.
  func checked(kernels: any KernelSet.Type) throws(GradCAMError) -> WeightArray {
    guard !ProcessLock.shared.withLock({ isChecked }) else { return weights }
    guard weights.read({ kernels.isFinite($0) }) else { throw .notFinite(layer: layer) }
    ProcessLock.shared.withLock { isChecked = true }
    return weights
  }
}

extension GradCAMError {
  /// Weights that hold NaN or infinity.
  static func notFinite(layer: String) -> GradCAMError {
    GradCAMError(
      .badData, "the weights of layer \(layer) hold NaN or infinity; finite numbers are expected")
  }
}
