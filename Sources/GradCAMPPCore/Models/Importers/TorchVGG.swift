import GradCAMPPKernels

// VGG networks of torchvision, and those of timm, as their state dictionaries name them.
//
// `features.N` are the convolutions, N counting every step: a convolution and its ReLU take two, a
// batch normalisation between them and a max-pool after them one more each, which tells where the
// blocks end. `classifier.N` are the dense layers (torchvision), or `pre_logits.fc1`,
// `pre_logits.fc2`, the same as convolutions, and `head.fc` (timm). Weights are (outputs, inputs,
// 3, 3) and (outputs, inputs); the first dense layer's inputs are (channels, height, width).

/// VGG networks from PyTorch.
enum TorchVGG: WeightImporter {
  static let name = "torchvision"
  static let normalization = Normalization.torchvision

  static func recognizes(_ weights: WeightStore) -> Bool { prefix(weights) != nil }

  static func layers(_ weights: WeightStore) throws(GradCAMError) -> ImportedLayers {
    // Counts of training steps, which batch normalisation keeps.
    let counters = weights.otherTypes.keys.filter { $0.hasSuffix(".num_batches_tracked") }
    var layers = ImportedLayers(weights, ignored: Set(counters))
    let modules = Modules(weights, prefix: prefix(weights) ?? "")
    var channels = 3
    for (block, places) in try modules.blocks().enumerated() {
      for (index, place) in places.enumerated() {
        channels = try convolution(
          "conv\(block + 1)_\(index + 1)", modules.prefix + "features.\(place)", inputs: channels,
          weights, &layers)
      }
    }
    let blockCount = try modules.blocks().count
    for (index, module) in modules.dense.enumerated() {
      try dense(
        "fc\(blockCount + 1 + index)", modules.prefix + module,
        channels: index == 0 ? channels : nil, weights, &layers)
    }
    try layers.checkAllUsed(in: "a VGG network of torchvision")
    return layers
  }

  /// What stands before `features.N.weight`: empty, or such as `module.` and `backbone.`.
  private static func prefix(_ weights: WeightStore) -> String? {
    for name in weights.names where name.hasSuffix(".weight") {
      let parts = name.split(separator: ".", omittingEmptySubsequences: false)
      guard parts.count >= 3, parts[parts.count - 3] == "features",
        Modules.number(parts[parts.count - 2]) != nil
      else { continue }
      return parts.dropLast(3).map { $0 + "." }.joined()
    }
    return nil
  }

  /// Adds a convolution, a batch normalisation behind it folded in; returns its outputs.
  private static func convolution(
    _ layer: String, _ module: String, inputs: Int, _ store: WeightStore,
    _ layers: inout ImportedLayers
  ) throws(GradCAMError) -> Int {
    let name = "\(module).weight"
    let weights = try layers.take(name)
    let shape = weights.shape
    guard shape.rank == 4, shape[0] > 0, shape[1] == inputs, shape[2] == 3, shape[3] == 3 else {
      throw GradCAMError(
        .badData,
        "\(store.origin): \(name.quoted) has shape \(shape); expected outputs x\(inputs)x3x3")
    }
    let normalization = try BatchNormalization(behind: module, store, &layers)
    // Before a batch normalisation many leave the biases out.
    let hasBiases = normalization == nil || store["\(module).bias"] != nil
    var biases =
      hasBiases
      ? try layers.take("\(module).bias").floats() : [Float](repeating: 0, count: shape[0])
    if let normalization { biases = try normalization.folded(biases) }
    layers.add(
      layer,
      weights: try weights.channelsLast(
        channels: inputs, factors: normalization?.factors ?? [],
        shape: Shape([3, 3, inputs, shape[0]])),
      biases: WeightArray(try Tensor(Shape([biases.count]), biases)))
    return shape[0]
  }

  /// Adds a dense layer; behind `channels` of a convolution its rows are rearranged.
  private static func dense(
    _ layer: String, _ module: String, channels: Int?, _ store: WeightStore,
    _ layers: inout ImportedLayers
  ) throws(GradCAMError) {
    let name = "\(module).weight"
    let weights = try layers.take(name)
    let shape = weights.shape
    let inputs = shape.count / max(shape[0], 1)
    let isDense = shape.rank == 2 || (shape.rank == 4 && shape[1] == channels ?? inputs)
    guard isDense, shape.count > 0 else {
      throw GradCAMError(
        .badData,
        "\(store.origin): \(name.quoted) has shape \(shape); expected outputs x inputs"
          + (shape.rank == 4 ? ", or outputs x\(channels ?? inputs)x side x side" : ""))
    }
    if let channels { _ = try layers.cells(inputs: inputs, channels: channels, name) }
    let biases = try layers.take("\(module).bias").floats()
    layers.add(
      layer,
      weights: try weights.channelsLast(
        channels: channels ?? inputs, shape: Shape([inputs, shape[0]])),
      biases: WeightArray(try Tensor(Shape([biases.count]), biases)))
  }
}

/// The modules of a network that have weights, in the order of the network.
private struct Modules {
  let prefix: String
  /// Places N of the convolutions `features.N`.
  private var convolutions: [Int] = []
  /// Places of the batch normalisations.
  private var normalizations: Set<Int> = []
  /// Names of the dense layers.
  let dense: [String]
  private let origin: String

  init(_ weights: WeightStore, prefix: String) {
    self.prefix = prefix
    origin = weights.origin
    var dense: [(places: [Int], name: String)] = []
    for full in weights.names where full.hasPrefix(prefix) && full.hasSuffix(".weight") {
      let name = String(full.dropFirst(prefix.count).dropLast(".weight".count))
      let parts = name.split(separator: ".", omittingEmptySubsequences: false)
      let places = parts.dropFirst().map { Self.number($0) ?? -1 }
      switch parts[0] {
      case "features" where places.count == 1 && places[0] >= 0:
        if weights[full]?.shape.rank == 1 {
          normalizations.insert(places[0])
        } else {
          convolutions.append(places[0])
        }
      // A head of several layers in place of the last one is `classifier.6.0` and so on.
      case "classifier" where !places.contains(-1): dense.append((places, name))
      case _ where name == "pre_logits.fc1": dense.append(([0], name))
      case _ where name == "pre_logits.fc2": dense.append(([1], name))
      case _ where name == "head.fc": dense.append(([2], name))
      default: break
      }
    }
    convolutions.sort()
    self.dense = dense.sorted { $0.places.lexicographicallyPrecedes($1.places) }.map(\.name)
  }

  /// A place in a container, without a leading zero.
  static func number(_ text: Substring) -> Int? {
    guard let number = Int(text), (0...9999).contains(number), String(number) == text else {
      return nil
    }
    return number
  }

  /// The places of the convolutions, block by block.
  func blocks() throws(GradCAMError) -> [[Int]] {
    var blocks: [[Int]] = [[]]
    var expected = 0
    for place in convolutions {
      if place == expected + 1, place > 1 {
        blocks.append([])
      } else if place != expected {
        throw GradCAMError(
          .badData,
          "\(origin): found \("\(prefix)features.\(place).weight".quoted); expected the next "
            + "convolution at \(expected)\(expected > 0 ? " or, after a pool, \(expected + 1)" : "")"
        )
      }
      blocks[blocks.count - 1].append(place)
      expected = place + (normalizations.contains(place + 1) ? 3 : 2)
    }
    return blocks
  }
}
