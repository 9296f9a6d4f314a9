import GradCAMPPKernels

// VGG networks of torchvision, and those of timm, as their state dictionaries name them.
//
// `features.N` are the convolutions, N counting every step: a convolution and its ReLU take two, a
// batch normalisation between them and a max-pool after them one more each, which tells where the
// blocks end. `classifier.N` are the dense layers (torchvision), or `pre_logits.fc1`,
// `pre_logits.fc2`, the same as convolutions, and `head.fc` (timm). Weights are (outputs, inputs,
// 3, 3) and (outputs, inputs); the first dense layer's inputs are (channels, height, width).

/// VGG networks from PyTorch.
enum TorchVGG: ModelBuilder {
  static let name = "torchvision's VGG"

  static func recognizes(_ weights: WeightStore) -> Bool { prefix(weights) != nil }

  static func graph(
    _ weights: WeightStore, _ options: ModelOptions
  ) throws(GradCAMError) -> ModelGraph {
    var arrays = UsedArrays(weights)
    let modules = TorchModules(weights, prefix: prefix(weights) ?? "")
    var network = VGGNetwork(origin: weights.origin, layout: .channelsFirst, isAdaptive: true)
    for (block, places) in try modules.blocks().enumerated() {
      network.beginBlock()
      for (index, place) in places.enumerated() {
        try addConvolution(
          "conv\(block + 1)_\(index + 1)", modules.prefix + "features.\(place)", weights, &arrays,
          to: &network)
      }
    }
    for (index, module) in modules.dense.enumerated() {
      try addDense(
        "fc\(network.blocks.count + 1 + index)", modules.prefix + module, isFirst: index == 0,
        isSizeKnown: options.inputSize != nil, weights, &arrays, to: &network)
    }
    try arrays.checkAllUsed(in: "a VGG network of torchvision")
    guard !network.dense.isEmpty else {
      throw GradCAMError(
        .badData,
        "\(weights.origin) holds no dense layer; expected \("\(modules.prefix)classifier".quoted) "
          + "behind \("\(modules.prefix)features".quoted)")
    }
    let settings = try StateSettings(weights, options)
    var model = try network.model(
      weights, options, normalization: settings.configuration?.normalization ?? .torchvision)
    model.ignored = Set(counters(weights))
    if !isPublished(network) {
      model.notes.append(
        "\(weights.origin): the gaps in the numbers of \("\(modules.prefix)features".quoted) are "
          + "taken for 2x2 max-pools with stride 2, as in torchvision's VGG networks, since the "
          + "names do not say what stands there")
    }
    return try settings.checked(model)
  }

  /// Whether the convolutions are those of a network that torchvision publishes, whose pools are
  /// known.
  private static func isPublished(_ network: VGGNetwork) -> Bool {
    let depths = [[1, 1, 2, 2, 2], [2, 2, 2, 2, 2], [2, 2, 3, 3, 3], [2, 2, 4, 4, 4]]
    return depths.contains(network.blocks.map(\.count))
      && network.blocks.compactMap { $0.last?.channels } == [64, 128, 256, 512, 512]
  }

  /// Names of counts of training steps, which batch normalisation keeps.
  static func counters(_ weights: WeightStore) -> [String] {
    weights.otherTypes.keys.filter { $0.hasSuffix(".num_batches_tracked") }
  }

  /// What stands before `features.N.weight`: empty, or such as `module.` and `backbone.`.
  private static func prefix(_ weights: WeightStore) -> String? {
    for name in weights.names where name.hasSuffix(".weight") {
      let parts = name.split(separator: ".", omittingEmptySubsequences: false)
      guard parts.count >= 3, parts[parts.count - 3] == "features",
        TorchModules.number(parts[parts.count - 2]) != nil
      else { continue }
      return parts.dropLast(3).map { $0 + "." }.joined()
    }
    return nil
  }

  /// Adds a convolution, and the batch normalisation behind it if there is one.
  private static func addConvolution(
    _ layer: String, _ module: String, _ store: WeightStore, _ arrays: inout UsedArrays,
    to network: inout VGGNetwork
  ) throws(GradCAMError) {
    let name = "\(module).weight"
    let weights = try arrays.take(name)
    let shape = weights.shape
    let inputs = network.channels
    guard shape.rank == 4, shape[0] > 0, shape[1] == inputs, shape[2] == 3, shape[3] == 3 else {
      throw GradCAMError(
        .badData,
        "\(store.origin): \(name.quoted) has shape \(shape); expected outputs x\(inputs)x3x3")
    }
    let normalization = try normalization(behind: module, store, &arrays)
    // Before a batch normalisation many leave the biases out.
    let hasBiases = normalization == nil || store["\(module).bias"] != nil
    try network.addConvolution(
      layer, weights, order: .plain(4),
      biases: hasBiases ? try arrays.take("\(module).bias") : nil, normalization: normalization)
  }

  /// The batch normalisation at the place after the convolution `module`; nil when there is none.
  private static func normalization(
    behind module: String, _ store: WeightStore, _ arrays: inout UsedArrays
  ) throws(GradCAMError) -> VGGNetwork.BatchNormalization? {
    let parts = module.split(separator: ".")
    guard let place = parts.last.flatMap({ Int($0) }) else { return nil }
    let name = (parts.dropLast().map(String.init) + ["\(place + 1)"]).joined(separator: ".")
    guard store["\(name).running_mean"] != nil || store["\(name).weight"]?.shape.rank == 1 else {
      return nil
    }
    var found: [WeightArray] = []
    for part in ["weight", "bias", "running_mean", "running_var"] {
      found.append(try arrays.take("\(name).\(part)"))
    }
    _ = arrays.takeIfThere("\(name).num_batches_tracked")
    return VGGNetwork.BatchNormalization(name: name, arrays: found)
  }

  /// Adds a dense layer, which may be written as a convolution.
  private static func addDense(
    _ layer: String, _ module: String, isFirst: Bool, isSizeKnown: Bool, _ store: WeightStore,
    _ arrays: inout UsedArrays, to network: inout VGGNetwork
  ) throws(GradCAMError) {
    let name = "\(module).weight"
    let weights = try arrays.take(name)
    let shape = weights.shape
    let inputs = shape.count / max(shape.rank > 0 ? shape[0] : 1, 1)
    let channels = isFirst ? network.channels : inputs
    let isDense = shape.rank == 2 || (shape.rank == 4 && shape[1] == channels)
    guard isDense, shape.count > 0 else {
      throw GradCAMError(
        .badData,
        "\(store.origin): \(name.quoted) has shape \(shape); expected outputs x inputs"
          + (shape.rank == 4 ? ", or outputs x\(channels)x side x side" : ""))
    }
    if isFirst {
      try arrays.checkCells(
        inputs: inputs, channels: channels, name, isSizeKnown: isSizeKnown)
    }
    try network.addDense(
      layer, weights.viewed(as: Shape([shape[0], inputs])), order: AxisOrder([1, 0]),
      biases: try arrays.take("\(module).bias"))
  }
}
