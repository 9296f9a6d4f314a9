import GradCAMPPKernels

/// The weights of a dense layer, which are brought into its layout and checked on first use.
///
/// The forward pass skips rows whose input is 0, so a NaN may hide from one picture and not from
/// the next: the whole matrix is read once, at memory speed.
final class CheckedMatrix: @unchecked Sendable {
  /// (inputs, outputs).
  let shape: Shape

  private let layer: String
  private let weights: ArrangedWeights
  /// The matrix once it is checked; guarded by the process's lock.
  private var matrix: WeightArray?

  /// The matrix of a layer.
  init(layer: String, _ weights: ArrangedWeights) {
    self.layer = layer
    self.weights = weights
    shape = weights.shape
  }

  /// The weights; throws `badData` when one is NaN or infinite.
  func checked(kernels: any KernelSet.Type) throws(GradCAMError) -> WeightArray {
    try ProcessLock.shared.withLock { () throws(GradCAMError) in
      if let matrix { return matrix }
      let array = try weights.array()
      guard array.read({ kernels.isFinite($0) }) else { throw .notFinite(layer: layer) }
      matrix = array
      return array
    }
  }
}

extension GradCAMError {
  /// Weights that hold NaN or infinity.
  static func notFinite(layer: String) -> GradCAMError {
    GradCAMError(
      .badData, "the weights of layer \(layer) hold NaN or infinity; finite numbers are expected")
  }
}
