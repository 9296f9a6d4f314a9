import GradCAMPPKernels

/// Convolution weights, packed for each way to compute on first use and then shared by all plans.
final class PackedFilter: @unchecked Sendable {
  /// Taps along each spatial axis.
  let kernel: [Int]

  /// The filter's extents.
  let shape: FilterShape

  private let layer: String
  private let weights: ArrangedWeights
  /// Guarded by the process's lock.
  private var cache: [Key: Tensor] = [:]

  /// A layout, and the tier whose panels it has.
  private struct Key: Hashable {
    let layout: FilterLayout
    let tier: String
  }

  /// The filter of weights (taps…, inputs / groups, outputs).
  init(layer: String, weights: ArrangedWeights, groups: Int) {
    let extents = weights.shape.extents
    kernel = Array(extents.dropLast(2))
    shape = FilterShape(
      kernel: Extents(lifting: kernel), inputs: extents[extents.count - 2] * groups,
      outputs: extents[extents.count - 1], groups: groups)
    self.layer = layer
    self.weights = weights
  }

  /// The weights as the kernels of a tier read them.
  ///
  /// Throws `badData` when a weight is NaN or infinite, `outOfMemory` when there is no room.
  func packed(
    _ layout: FilterLayout, kernels: any KernelSet.Type
  ) throws(GradCAMError) -> Tensor {
    try ProcessLock.shared.withLock { () throws(GradCAMError) in
      let key = Key(layout: layout, tier: kernels.name)
      if let tensor = cache[key] { return tensor }
      let array = try weights.array()
      let tensor = try Tensor(Shape([layout.packedCount])) { packed in
        array.read { kernels.packFilter($0, layout, into: &packed) }
      }
      guard tensor.read({ kernels.isFinite($0.bytes) }) else {
        throw .notFinite(layer: layer)
      }
      cache[key] = tensor
      return tensor
    }
  }
}
