import GradCAMPPKernels

/// Arrays of a store, of which each must be used: one that is not belongs to another network.
struct UsedArrays {
  private let weights: WeightStore
  private var used: Set<String> = []

  init(_ weights: WeightStore) { self.weights = weights }

  /// The array of that name, which counts as used.
  mutating func take(_ name: String) throws(GradCAMError) -> WeightArray {
    guard let array = weights[name] else {
      throw GradCAMError(.badData, "\(weights.origin): \(name.quoted) is missing")
    }
    used.insert(name)
    return array
  }

  /// The array of that name if there is one, which then counts as used.
  mutating func takeIfThere(_ name: String) -> WeightArray? {
    used.insert(name)
    return weights[name]
  }

  /// Throws `badData` when an array has not been taken; `network` says what it has no place in.
  func checkAllUsed(in network: String) throws(GradCAMError) {
    for name in weights.names where !used.contains(name) {
      throw GradCAMError(
        .badData, "\(weights.origin): \(name.quoted) has no place in \(network)")
    }
  }

  /// Checks that the inputs of the first dense layer are the elements of some cells.
  ///
  /// Throws `badData` for one cell unless the caller says the input's size: an input of one cell
  /// cannot be told from a larger one behind global average pooling.
  func checkCells(
    inputs: Int, channels: Int, _ name: String, isSizeKnown: Bool
  ) throws(GradCAMError) {
    guard channels > 0, inputs % channels == 0, inputs > 0 else {
      throw GradCAMError(
        .badData,
        "\(weights.origin): \(name.quoted) has \(inputs) inputs; expected side x side x "
          + "\(channels), one for each element of the last pool's square output")
    }
    guard inputs > channels || isSizeKnown else {
      throw GradCAMError(
        .badData,
        "\(weights.origin): \(name.quoted) has \(inputs) inputs, one for each channel of the last "
          + "convolution, as behind global average pooling; say the size of its pictures with "
          + "input_size=(height, width)")
    }
  }
}
