import GradCAMPPKernels

/// The layers that an importer has found so far, under this library's names.
public struct ImportedLayers: Sendable {
  /// The arrays, in the order of the network.
  private(set) var entries: [(name: String, array: WeightArray)] = []

  /// Names of arrays of other element types that the network does without.
  let ignored: Set<String>

  private let weights: WeightStore
  private var used: Set<String> = []

  init(_ weights: WeightStore, ignored: Set<String> = []) {
    self.weights = weights
    self.ignored = ignored
  }

  /// The array of that name, which counts as used.
  mutating func take(_ name: String) throws(GradCAMError) -> WeightArray {
    guard let array = weights[name] else {
      throw GradCAMError(.badData, "\(weights.origin): \(name.quoted) is missing")
    }
    used.insert(name)
    return array
  }

  /// Adds a layer.
  mutating func add(_ layer: String, weights: WeightArray, biases: WeightArray) {
    entries += [("\(layer)/weights", weights), ("\(layer)/biases", biases)]
  }

  /// Throws `badData` when an array has not been taken; `network` says what it has no place in.
  func checkAllUsed(in network: String) throws(GradCAMError) {
    for name in weights.names where !used.contains(name) {
      throw GradCAMError(
        .badData, "\(weights.origin): \(name.quoted) has no place in \(network)")
    }
  }

  /// Cells of the last pool's square output, from the inputs of the first dense layer.
  ///
  /// Throws `badData` for one cell, since a global average pooling cannot be told from it.
  func cells(inputs: Int, channels: Int, _ name: String) throws(GradCAMError) -> Int {
    guard channels > 0, inputs % channels == 0, inputs > 0 else {
      throw GradCAMError(
        .badData,
        "\(weights.origin): \(name.quoted) has \(inputs) inputs; expected side x side x "
          + "\(channels), one for each element of the last pool's square output")
    }
    guard inputs > channels else {
      throw GradCAMError(
        .badData,
        "\(weights.origin): \(name.quoted) has \(inputs) inputs, one for each channel of the last "
          + "convolution, as behind global average pooling, which is not supported; expected side "
          + "x side x \(channels)")
    }
    return inputs / channels
  }
}
