import GradCAMPPKernels

// VGG networks of Keras, by the names of their layers: `block1_conv1` to `block5_conv3`, then `fc1`,
// `fc2` and `predictions`, or a head of one's own, `dense`, `dense_1` and so on. Layouts are those
// of this library. A variable's path ends in
//
//     block1_conv1/kernel:0                            HDF5 files of Keras 2, `:0` missing in Keras 3
//     block1_conv1/block1_conv1_W_1:0                  files of Keras 1, such as the published ones
//     block1_conv1/vars/0                              .weights.h5 files of Keras 3
//
// and `bias`, `b_1` and `1` likewise.

/// VGG networks from Keras, by their layers' names.
enum KerasVGG: ModelBuilder {
  static let name = "Keras's VGG"

  static func recognizes(_ weights: WeightStore) -> Bool {
    weights.names.contains { name in
      variable(name).map { convolution($0.layer) != nil } ?? false
    }
  }

  static func graph(
    _ weights: WeightStore, _ options: ModelOptions
  ) throws(GradCAMError) -> ModelGraph {
    var arrays = UsedArrays(weights)
    var names: [String: [Bool: String]] = [:]
    for name in weights.names {
      guard let variable = variable(name) else { continue }
      if let other = names[variable.layer]?[variable.isKernel] {
        throw GradCAMError(
          .badData,
          "\(weights.origin): \(other.quoted) and \(name.quoted) are of the same layer; expected "
            + "one network")
      }
      names[variable.layer, default: [:]][variable.isKernel] = name
    }
    var network = VGGNetwork(origin: weights.origin, layout: .channelsLast, isAdaptive: false)
    let convolutions = names.keys.compactMap { layer in
      convolution(layer).map { (place: $0, layer: layer) }
    }.sorted { $0.place < $1.place }
    for (index, (place, layer)) in convolutions.enumerated() {
      if index == 0 || convolutions[index - 1].place.0 != place.0 { network.beginBlock() }
      let (kernel, biases) = try pair(names[layer] ?? [:], layer, weights.origin, &arrays)
      try checkOrder(place, layer, index == 0 ? (0, 0) : convolutions[index - 1].place, weights)
      try network.addConvolution(
        "conv\(place.0)_\(place.1)", kernel.array, order: .filter(4), biases: biases)
    }
    let dense = try order(names.keys.filter { convolution($0) == nil }, weights.origin)
    for (index, layer) in dense.enumerated() {
      let (kernel, biases) = try pair(names[layer] ?? [:], layer, weights.origin, &arrays)
      if index == 0, kernel.array.shape.rank == 2 {
        try arrays.checkCells(
          inputs: kernel.array.shape[0], channels: network.channels, kernel.name,
          isSizeKnown: options.inputSize != nil)
      }
      try network.addDense(
        "fc\(network.blocks.count + 1 + index)", kernel.array, order: .plain(2), biases: biases)
    }
    try arrays.checkAllUsed(in: "a VGG network of Keras")
    guard !network.dense.isEmpty else {
      throw GradCAMError(
        .badData,
        "\(weights.origin) holds no dense layer; expected fc1, fc2 and predictions, or dense, "
          + "dense_1 and so on")
    }
    return try network.model(weights, options, normalization: .caffe)
  }

  /// Throws `badData` when a convolution between two is missing.
  private static func checkOrder(
    _ place: (Int, Int), _ layer: String, _ last: (Int, Int), _ weights: WeightStore
  ) throws(GradCAMError) {
    guard place == (last.0, last.1 + 1) || place == (last.0 + 1, 1) else {
      throw GradCAMError(
        .badData,
        "\(weights.origin): layer \(layer.quoted) follows "
          + (last == (0, 0) ? "nothing" : "\("block\(last.0)_conv\(last.1)".quoted)")
          + "; a convolution before it is missing")
    }
  }

  private static func pair(
    _ names: [Bool: String], _ layer: String, _ origin: String, _ arrays: inout UsedArrays
  ) throws(GradCAMError) -> (kernel: (name: String, array: WeightArray), biases: WeightArray) {
    guard let kernel = names[true], let biases = names[false] else {
      throw GradCAMError(
        .badData,
        "\(origin): the \(names[true] == nil ? "kernel" : "bias") of layer \(layer.quoted) is "
          + "missing")
    }
    return ((kernel, try arrays.take(kernel)), try arrays.take(biases))
  }

  /// The layer of a variable, and whether it is the kernel or the biases.
  private static func variable(_ name: String) -> (layer: String, isKernel: Bool)? {
    var parts = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count >= 2, var last = parts.popLast() else { return nil }
    if last.hasSuffix(":0") { last.removeLast(2) }
    let layer = parts[parts.count - 1]
    switch last {
    case "kernel", "\(layer)_W", "\(layer)_W_1": return (layer, true)
    case "bias", "\(layer)_b", "\(layer)_b_1": return (layer, false)
    case "0" where layer == "vars" && parts.count >= 2: return (parts[parts.count - 2], true)
    case "1" where layer == "vars" && parts.count >= 2: return (parts[parts.count - 2], false)
    default: return nil
    }
  }

  /// Block and index in `blockB_convI`.
  static func convolution(_ layer: String) -> (Int, Int)? {
    let parts = layer.split(separator: "_", omittingEmptySubsequences: false)
    guard parts.count == 2, let block = number(parts[0], after: "block"),
      let index = number(parts[1], after: "conv")
    else { return nil }
    return (block, index)
  }

  private static func number(_ text: Substring, after word: String) -> Int? {
    guard text.hasPrefix(word), let number = Int(text.dropFirst(word.count)),
      (1...99).contains(number), text == "\(word)\(number)"
    else { return nil }
    return number
  }

  /// Dense layers in the order of the network: `fc1`, `fc2`…, `dense`, `dense_1`…, `predictions`.
  ///
  /// Throws `badData` for other names, since a file does not say in which order layers follow.
  private static func order(
    _ names: [String], _ origin: String
  ) throws(GradCAMError) -> [String] {
    var places: [(kind: Int, number: Int, name: String)] = []
    for name in names {
      if name == "predictions" {
        places.append((2, 0, name))
      } else if let number = number(name[...], after: "fc") {
        places.append((0, number, name))
      } else if name == "dense" {
        places.append((1, 0, name))
      } else if let number = number(name[...], after: "dense_") {
        places.append((1, number, name))
      } else {
        throw GradCAMError(
          .badData,
          "\(origin): layer \(name.quoted) may stand anywhere in the network; expected fc1, fc2 "
            + "and predictions, or dense, dense_1 and so on")
      }
    }
    return places.sorted { ($0.kind, $0.number) < ($1.kind, $1.number) }.map(\.name)
  }
}
