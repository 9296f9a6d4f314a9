import GradCAMPPKernels

/// The variables of Keras's layers, by layer and name.
///
/// Files of Keras 3 number the variables of a layer, `vars/0` and so on, in the order in which the
/// layer makes them; others name them `kernel:0`, `gamma` and the like.
struct KerasVariables {
  private var places: [String: [String: String]] = [:]
  private var arrays: UsedArrays
  private let origin: String

  init(_ weights: WeightStore) throws(GradCAMError) {
    origin = weights.origin
    arrays = UsedArrays(weights)
    for name in weights.names {
      let (layer, variable) = Self.parts(name)
      if let other = places[layer]?[variable] {
        throw GradCAMError(
          .badData,
          "\(weights.origin): \(other.quoted) and \(name.quoted) are of the same layer; expected "
            + "one network")
      }
      places[layer, default: [:]][variable] = name
    }
  }

  /// Takes a variable of a layer, which was made as number `place` of its own.
  mutating func take(
    _ variable: String, _ place: Int, of layer: KerasLayer
  ) throws(GradCAMError) -> WeightArray {
    let found = places[layer.name]
    // Keras 3 writes the kernel of a depthwise convolution under either name.
    let other = variable == "depthwise_kernel" ? found?["kernel"] : nil
    guard let name = found?[variable] ?? other ?? found?["\(place)"] else {
      throw layer.error("has no variable \(variable.quoted) in the file")
    }
    return try arrays.take(name)
  }

  /// Takes a variable that the network does without.
  mutating func drop(_ variable: String, _ place: Int, of layer: KerasLayer) {
    let found = places[layer.name]
    if let name = found?[variable] ?? found?["\(place)"] { _ = arrays.takeIfThere(name) }
  }

  /// Throws `badData` naming a variable that no layer has taken.
  func checkAllUsed() throws(GradCAMError) {
    try arrays.checkAllUsed(in: "the network that the file's configuration describes")
  }

  /// Layer and variable in a path such as `block1_conv1/block1_conv1_W_1:0` or `conv2d/vars/0`.
  private static func parts(_ name: String) -> (layer: String, variable: String) {
    var parts = name.split(separator: "/").map(String.init)
    var variable = parts.popLast() ?? name
    if variable.hasSuffix(":0") { variable.removeLast(2) }
    if parts.last == "vars" { parts.removeLast() }
    let layer = parts.last ?? ""
    // Keras 1: the layer's name, then W or b, then perhaps the number of a copy.
    for (letter, meaning) in [("W", "kernel"), ("b", "bias")]
    where ["\(layer)_\(letter)", "\(layer)_\(letter)_1"].contains(variable) {
      variable = meaning
    }
    return (layer, variable)
  }
}
