import GradCAMPPKernels

// Densely connected networks (Huang et al. 2017, https://arxiv.org/abs/1608.06993), by the names
// that torchvision and timm share: `features.conv0`, `norm0`, `denseblock1.denselayer1.norm1` to
// `conv2`, `transition1.norm`, `.conv`, `norm5`, `classifier`. Files of torchvision before 0.3 write
// `norm.1` and `conv.1`.
//
// Structure: a 7x7 convolution of stride 2, a 3x3 max-pool of stride 2; in a block each layer (batch
// normalisation, ReLU, 1x1, batch normalisation, ReLU, 3x3) reads what all before it wrote; between
// blocks a 1x1 convolution and a 2x2 average pool; ReLU behind the last normalisation.

/// DenseNets from PyTorch.
enum TorchDenseNet: ModelBuilder {
  static let name = "DenseNets"

  static func recognizes(_ weights: WeightStore) -> Bool { prefix(weights) != nil }

  private static func prefix(_ weights: WeightStore) -> String? {
    for name in ["norm1", "norm.1"] {
      let first = "features.denseblock1.denselayer1.\(name).weight"
      if let prefix = StateNames.prefix(before: first, in: weights) { return prefix }
    }
    return nil
  }

  static func graph(
    _ weights: WeightStore, _ options: ModelOptions
  ) throws(GradCAMError) -> ModelGraph {
    let settings = try StateSettings(weights, options)
    let names = StateNames(weights: weights, prefix: prefix(weights) ?? "")
    var state = StateGraph(
      "a DenseNet", names, epsilon: settings.epsilon(else: 1e-5),
      size: try settings.inputSize(else: 224))
    var value = try state.convolve("features.conv0", state.input, kernels: [7], stride: 2)
    value = try state.activate(
      "features.conv0", "features.norm0", value, by: .relu, kind: "convolution")
    value = state.add(
      "MaxPool", name: "features.pool0", [value],
      [
        "kernel_shape": .integers([3, 3]), "strides": .integers([2, 2]),
        "pads": .integers([1, 1, 1, 1]),
      ])
    state.name(value, ["features.pool0"], "max pooling")
    var depths: [Int] = []
    var blocks = 1
    while depth(of: blocks + 1, names) > 0 { blocks += 1 }
    for block in 1...blocks {
      depths.append(try addBlock(block, &value, to: &state))
      if block < blocks {
        value = try transition("features.transition\(block)", value, in: &state)
      }
    }
    value = try rectified("features.norm5", value, in: &state, kind: "block")
    try state.classify(value, by: "classifier")
    let name = architecture(state, depths)
    var model = try state.finished(
      architecture: name ?? "DenseNet-like, \(2 * depths.reduce(0, +) + depths.count + 1) layers",
      defaultLayer: "features.norm5", settings.normalization(else: .torchvision))
    if name == nil { model.notes.append(settings.assumption("torchvision's DenseNets")) }
    return try settings.checked(model)
  }

  private static func module(_ block: Int, _ layer: Int) -> String {
    "features.denseblock\(block).denselayer\(layer)"
  }

  /// Layers of a block.
  private static func depth(of block: Int, _ names: StateNames) -> Int {
    let counts = ["norm1", "norm.1"].map { norm in
      names.count { "\(module(block, $0 + 1)).\(norm)" }
    }
    return counts.max() ?? 0
  }

  /// Adds the layers of a block behind a value, which becomes all that they wrote; returns how many.
  private static func addBlock(
    _ block: Int, _ value: inout String, to state: inout StateGraph
  ) throws(GradCAMError) -> Int {
    let count = max(1, depth(of: block, state.names))
    for layer in 1...count {
      let module = module(block, layer)
      let dot = state.names.has("\(module).norm.1") ? "." : ""
      var path = try rectified("\(module).norm\(dot)1", value, in: &state)
      path = try state.convolve("\(module).conv\(dot)1", path, kernels: [1])
      path = try state.activate(
        "\(module).conv\(dot)1", "\(module).norm\(dot)2", path, by: .relu)
      path = try state.convolve("\(module).conv\(dot)2", path, kernels: [3])
      value = state.join([value, path], name: "\(module)/joined")
    }
    state.name(value, ["features.denseblock\(block)"], "block")
    return count
  }

  private static func transition(
    _ module: String, _ value: String, in state: inout StateGraph
  ) throws(GradCAMError) -> String {
    var value = try rectified("\(module).norm", value, in: &state)
    value = try state.convolve("\(module).conv", value, kernels: [1])
    value = state.add(
      "AveragePool", name: module, [value],
      ["kernel_shape": .integers([2, 2]), "strides": .integers([2, 2])])
    state.name(value, [module], "average pooling")
    return value
  }

  /// Adds a batch normalisation that stands before a convolution, and ReLU.
  private static func rectified(
    _ module: String, _ value: String, in state: inout StateGraph, kind: String? = nil
  ) throws(GradCAMError) -> String {
    let linear = try state.normalize(module, value)
    state.name(linear, ["\(module)/linear"])
    let value = state.add(.relu, "\(module)/activation", linear)
    state.name(value, [module], kind)
    return value
  }

  /// The name of a network that was published; nil for others.
  private static func architecture(_ state: StateGraph, _ depths: [Int]) -> String? {
    let first = state.channels(of: "features.conv0")
    let growth = state.channels(of: "\(module(1, 1))/joined") - first
    let known: [[Int]: (layers: Int, first: Int, growth: Int)] = [
      [6, 12, 24, 16]: (121, 64, 32), [6, 12, 36, 24]: (161, 96, 48),
      [6, 12, 32, 32]: (169, 64, 32), [6, 12, 48, 32]: (201, 64, 32),
    ]
    guard let found = known[depths], found.growth == growth, found.first == first else {
      return nil
    }
    return "DenseNet\(found.layers)"
  }
}
