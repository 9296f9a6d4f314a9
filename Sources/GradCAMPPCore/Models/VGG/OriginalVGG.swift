import GradCAMPPKernels

/// VGG16, VGG19 and their like with other widths, depths, classes and input sides, by the names of
/// the 2018 program, which are this library's: conv1_1, conv1_2, …, fc6, fc7, fc8.
///
/// Number of blocks, convolutions in a block, channels, dense layers, classes and the side of the
/// input all follow from names and shapes: the first dense layer has (side / 2^blocks)² x channels
/// rows.
public enum OriginalVGG: ModelBuilder {
  /// "VGG".
  public static let name = "VGG"

  /// Whether a first convolution or a first dense layer has a name of the family.
  public static func recognizes(_ weights: WeightStore) -> Bool {
    weights.names.contains { VGGNames.convolution($0) != nil || VGGNames.dense($0) != nil }
  }

  /// The network of these weights.
  public static func graph(
    _ weights: WeightStore, _ options: ModelOptions
  ) throws(GradCAMError) -> ModelGraph {
    try network(weights).model(weights, options, normalization: .caffe)
  }

  /// The layers in order; throws `badData` naming the first that is missing or wrong.
  private static func network(_ store: WeightStore) throws(GradCAMError) -> VGGNetwork {
    let origin = store.origin
    let convolutions = Set(
      store.names.compactMap { VGGNames.convolution($0) }.map { [$0.0, $0.1] })
    let denseNumbers = Set(store.names.compactMap { VGGNames.dense($0) })
    let blockCount = convolutions.map { $0[0] }.max() ?? 0
    guard let firstDense = denseNumbers.min(), let lastDense = denseNumbers.max(), blockCount > 0
    else {
      throw GradCAMError(
        .badData,
        "\(origin) holds no \(blockCount == 0 ? "convolution" : "dense layer"): found "
          + "\(list(store.layers)); expected conv1_1, conv1_2, … and fc6, fc7, fc8")
    }
    // Dense layers are numbered on from the blocks, or from 6 as in the original. Four blocks and
    // fc6 are the original without its last block.
    guard firstDense == blockCount + 1 || (firstDense == 6 && blockCount < 4) else {
      throw GradCAMError(
        .badData,
        "\(origin): layer conv\(blockCount + 1)_1 or layer fc\(blockCount + 1) is missing, since "
          + "\(blockCount) blocks of convolutions are followed by fc\(firstDense)")
    }
    var network = VGGNetwork(origin: origin, layout: .channelsLast, isAdaptive: true)
    var arrays = UsedArrays(store)
    for block in 1...blockCount {
      network.beginBlock()
      let depth = convolutions.filter { $0[0] == block }.map { $0[1] }.max() ?? 1
      for index in 1...depth {
        let name = "conv\(block)_\(index)"
        let (weights, biases) = try pair(name, store, &arrays)
        try network.addConvolution(name, weights, order: .filter(4), biases: biases)
      }
    }
    let isShort = promisesMore(firstDense: firstDense, count: lastDense - firstDense + 1)
    for number in firstDense...(isShort ? firstDense + 2 : lastDense) {
      let (weights, biases) = try pair("fc\(number)", store, &arrays)
      try network.addDense("fc\(number)", weights, order: .plain(2), biases: biases)
    }
    try arrays.checkAllUsed(
      in: "a VGG network with \(blockCount) blocks and dense layers fc\(firstDense) to "
        + "fc\(lastDense)")
    return network
  }

  /// Whether the names of so many dense layers are some of the original's, which promise its three.
  static func promisesMore(firstDense: Int, count: Int) -> Bool { firstDense == 6 && count < 3 }

  private static func pair(
    _ name: String, _ store: WeightStore, _ arrays: inout UsedArrays
  ) throws(GradCAMError) -> (weights: WeightArray, biases: WeightArray) {
    guard let weights = arrays.takeIfThere("\(name)/weights"),
      let biases = arrays.takeIfThere("\(name)/biases")
    else {
      let missing = ["weights", "biases"].filter { store["\(name)/\($0)"] == nil }
      let part = missing.count == 2 ? "layer \(name) is" : "the \(missing[0]) of layer \(name) are"
      throw GradCAMError(
        .badData, "\(store.origin): \(part) missing; found \(list(store.layers))")
    }
    return (weights, biases)
  }

  /// Names for a message, the middle left out when there are many.
  private static func list(_ names: [String]) -> String {
    let shown = names.count > 8 ? names.prefix(4) + ["…"] + names.suffix(3) : names[...]
    return shown.isEmpty ? "no layers" : shown.joined(separator: ", ")
  }
}
