import GradCAMPPKernels

/// The layers of a VGG-shaped network in order, their names complete and their shapes fitting.
struct VGGLayout {
  /// A layer's arrays.
  struct Layer {
    let name: String
    let weights: WeightArray
    let biases: [Float]
  }

  /// Convolutions, block by block.
  let blocks: [[Layer]]
  /// Dense layers, the last one giving the logits.
  let dense: [Layer]
  private let origin: String

  /// Finds and checks the layers; throws `badData` naming the first that is missing or wrong.
  init(_ store: WeightStore) throws(GradCAMError) {
    origin = store.origin
    let convolutions = Set(store.names.compactMap { Self.convolution($0) }.map { [$0.0, $0.1] })
    let denseNumbers = Set(store.names.compactMap { Self.dense($0) })
    let blockCount = convolutions.map { $0[0] }.max() ?? 0
    guard let firstDense = denseNumbers.min(), let lastDense = denseNumbers.max(), blockCount > 0
    else {
      throw GradCAMError(
        .badData,
        "\(origin) holds no \(blockCount == 0 ? "convolution" : "dense layer"): found "
          + "\(Self.list(store.layers)); expected conv1_1, conv1_2, … and fc6, fc7, fc8")
    }
    // Dense layers are numbered on from the blocks, or from 6 as in the original. Four blocks and
    // fc6 are the original without its last block.
    guard firstDense == blockCount + 1 || (firstDense == 6 && blockCount < 4) else {
      throw GradCAMError(
        .badData,
        "\(origin): layer conv\(blockCount + 1)_1 or layer fc\(blockCount + 1) is missing, since "
          + "\(blockCount) blocks of convolutions are followed by fc\(firstDense)")
    }
    var channels = 3
    var blocks: [[Layer]] = []
    for block in 1...blockCount {
      let depth = convolutions.filter { $0[0] == block }.map { $0[1] }.max() ?? 1
      var layers: [Layer] = []
      for index in 1...depth {
        let layer = try Self.layer("conv\(block)_\(index)", store)
        try Self.checkConvolution(layer, inputs: channels, origin: origin)
        channels = layer.biases.count
        layers.append(layer)
      }
      blocks.append(layers)
    }
    var dense: [Layer] = []
    // The original's names promise its three dense layers.
    for number in firstDense...(firstDense == 6 ? max(lastDense, 8) : lastDense) {
      let layer = try Self.layer("fc\(number)", store)
      try Self.checkDense(layer, inputs: dense.last?.biases.count, origin: origin)
      dense.append(layer)
    }
    let used = Set(
      (blocks.joined() + dense).flatMap { ["\($0.name)/weights", "\($0.name)/biases"] })
    for name in store.names where !used.contains(name) {
      throw GradCAMError(
        .badData,
        "\(origin): \(name.quoted) has no place in a VGG network with \(blockCount) blocks and "
          + "dense layers fc\(firstDense) to fc\(lastDense)")
    }
    self.blocks = blocks
    self.dense = dense
  }

  /// "VGG11", "VGG13", "VGG16" and "VGG19" for their layouts, else "VGG-like" with the number of
  /// weight layers.
  var architecture: String {
    let depths = blocks.map(\.count)
    let isOriginal =
      blocks.map { $0.last?.biases.count } == [64, 128, 256, 512, 512]
      && dense.dropLast().map(\.biases.count) == [4096, 4096]
    switch depths {
    case [1, 1, 2, 2, 2] where isOriginal: return "VGG11"
    case [2, 2, 2, 2, 2] where isOriginal: return "VGG13"
    case [2, 2, 3, 3, 3] where isOriginal: return "VGG16"
    case [2, 2, 4, 4, 4] where isOriginal: return "VGG19"
    default: return "VGG-like, \(depths.reduce(dense.count, +)) layers"
    }
  }

  /// The largest side of an input: a picture of so many pixels takes 100 MB as the network sees it.
  static let largestSide = 2048

  /// The side of the square input, from the rows of the first dense layer.
  func inputSide() throws(GradCAMError) -> Int {
    let first = dense[0]
    let channels = blocks.last?.last?.biases.count ?? 0
    let cells = first.weights.shape[0] / max(channels, 1)
    let cellsPerSide = Int(Double(cells).squareRoot().rounded())
    guard channels > 0, cells * channels == first.weights.shape[0],
      cellsPerSide * cellsPerSide == cells, cells > 0, blocks.count < 16,
      cellsPerSide << blocks.count <= Self.largestSide
    else {
      throw GradCAMError(
        .badData,
        "\(origin): layer \(first.name) has \(first.weights.shape[0]) rows; expected side x side x "
          + "\(channels), one for each element of the last pool's square output, for an input of at "
          + "most \(Self.largestSide) x \(Self.largestSide)")
    }
    return cellsPerSide << blocks.count
  }

  /// Names for a message, the middle left out when there are many.
  private static func list(_ names: [String]) -> String {
    let shown = names.count > 8 ? names.prefix(4) + ["…"] + names.suffix(3) : names[...]
    return shown.isEmpty ? "no layers" : shown.joined(separator: ", ")
  }

  /// Block and index in `convB_I/…`.
  static func convolution(_ name: String) -> (Int, Int)? {
    guard let layer = name.split(separator: "/").first, layer.hasPrefix("conv") else { return nil }
    let numbers = layer.dropFirst(4).split(separator: "_", omittingEmptySubsequences: false)
    guard numbers.count == 2, let block = number(numbers[0]), let index = number(numbers[1]) else {
      return nil
    }
    return (block, index)
  }

  /// The number in `fcN/…`.
  static func dense(_ name: String) -> Int? {
    guard let layer = name.split(separator: "/").first, layer.hasPrefix("fc") else { return nil }
    return number(layer.dropFirst(2))
  }

  /// 1 to 99, without a leading zero: a name may come from a stranger.
  private static func number(_ text: Substring) -> Int? {
    guard let number = Int(text), (1...99).contains(number), String(number) == text else {
      return nil
    }
    return number
  }

  private static func layer(_ name: String, _ store: WeightStore) throws(GradCAMError) -> Layer {
    guard let weights = store["\(name)/weights"], let biases = store["\(name)/biases"] else {
      let missing = ["weights", "biases"].filter { store["\(name)/\($0)"] == nil }
      let part = missing.count == 2 ? "layer \(name) is" : "the \(missing[0]) of layer \(name) are"
      throw GradCAMError(
        .badData, "\(store.origin): \(part) missing; found \(list(store.layers))")
    }
    guard weights.shape.count > 0, biases.shape.rank == 1,
      biases.shape.count == weights.shape.channels
    else {
      throw GradCAMError(
        .badData,
        "\(store.origin): layer \(name) has biases of shape \(biases.shape) for weights of shape "
          + "\(weights.shape); expected one bias for each of \(weights.shape.channels) outputs")
    }
    let values = try biases.floats("\(store.origin): \("\(name)/biases".quoted)")
    guard values.allSatisfy(\.isFinite) else {
      throw GradCAMError(
        .badData,
        "\(store.origin): the biases of layer \(name) hold NaN or infinity; finite numbers are "
          + "expected")
    }
    return Layer(name: name, weights: weights, biases: values)
  }

  private static func checkConvolution(
    _ layer: Layer, inputs: Int, origin: String
  ) throws(GradCAMError) {
    let shape = layer.weights.shape
    guard shape.rank == 4, shape[0] == 3, shape[1] == 3, shape[2] == inputs else {
      throw GradCAMError(
        .badData,
        "\(origin): layer \(layer.name) has weights of shape \(shape); expected 3x3x\(inputs)x"
          + "outputs")
    }
  }

  private static func checkDense(
    _ layer: Layer, inputs: Int?, origin: String
  ) throws(GradCAMError) {
    let shape = layer.weights.shape
    guard shape.rank == 2, inputs == nil || shape[0] == inputs else {
      throw GradCAMError(
        .badData,
        "\(origin): layer \(layer.name) has weights of shape \(shape); expected "
          + "\(inputs.map(String.init) ?? "inputs")xoutputs")
    }
  }
}
