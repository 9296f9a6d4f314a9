import GradCAMPPKernels

// Residual networks (He et al. 2016, https://arxiv.org/abs/1512.03385), ResNeXt (Xie et al. 2017)
// and wide ones (Zagoruyko and Komodakis 2016), by the names that torchvision and timm share:
// `conv1`, `bn1`, `layer1.0.conv1` to `layer4.N.bn3`, `downsample.0` and `.1`, `fc`.
//
// Structure: a 7x7 convolution of stride 2, a 3x3 max-pool of stride 2, four stages of blocks, each
// but the first halving height and width in its first block, in the 3x3 convolution (version 1.5),
// ReLU after each normalisation but the last of a block, and after the sum.

/// ResNets from PyTorch.
enum TorchResNet: ModelBuilder {
  static let name = "ResNets"

  static func recognizes(_ weights: WeightStore) -> Bool { prefix(weights) != nil }

  private static func prefix(_ weights: WeightStore) -> String? {
    let found = StateNames.prefix(before: "layer1.0.conv1.weight", in: weights)
    return found.flatMap { prefix in
      let names = StateNames(weights: weights, prefix: prefix)
      return names.has("conv1") || names.has("conv1.0") ? prefix : nil
    }
  }

  static func graph(
    _ weights: WeightStore, _ options: ModelOptions
  ) throws(GradCAMError) -> ModelGraph {
    let settings = try StateSettings(weights, options)
    let names = StateNames(weights: weights, prefix: prefix(weights) ?? "")
    var state = StateGraph(
      "a ResNet", names, epsilon: settings.epsilon(else: 1e-5),
      size: try settings.inputSize(else: 224))
    var value = try stem(&state)
    var depths: [Int] = []
    for stage in 1...4 {
      let count = max(1, names.count { "layer\(stage).\($0).conv1" })
      for block in 0..<count {
        let module = "layer\(stage).\(block)"
        value = try add(
          module, value, stride: stage > 1 && block == 0 ? 2 : 1, isFirst: block == 0, to: &state)
        state.name(value, (block == count - 1 ? ["layer\(stage)"] : []) + [module], "block")
      }
      depths.append(count)
    }
    try state.classify(value, by: "fc")
    let (architecture, isPublished) = ResNetName.of(state, depths)
    var model = try state.finished(
      architecture: architecture, defaultLayer: "layer4",
      settings.normalization(else: .torchvision))
    if !isPublished { model.notes.append(settings.assumption("torchvision's ResNets")) }
    return try settings.checked(model)
  }

  private static func stem(_ state: inout StateGraph) throws(GradCAMError) -> String {
    guard !state.names.has("conv1.0") else {
      throw state.refusal(
        "it begins with several convolutions (conv1.0, …) as the variants C and D do, whose pools "
          + "no name tells")
    }
    var value = try state.convolve("conv1", state.input, kernels: [7], stride: 2)
    value = try state.activate("conv1", "bn1", value, by: .relu, kind: "convolution")
    value = state.add(
      "MaxPool", name: "maxpool", [value],
      [
        "kernel_shape": .integers([3, 3]), "strides": .integers([2, 2]),
        "pads": .integers([1, 1, 1, 1]),
      ])
    state.name(value, ["maxpool"], "max pooling")
    return value
  }

  /// Adds a block of two 3x3 convolutions, or of 1x1, 3x3 and 1x1.
  private static func add(
    _ module: String, _ value: String, stride: Int, isFirst: Bool, to state: inout StateGraph
  ) throws(GradCAMError) -> String {
    let isBottleneck = state.names.has("\(module).conv3")
    var path = try state.convolve(
      "\(module).conv1", value, kernels: [isBottleneck ? 1 : 3], stride: isBottleneck ? 1 : stride)
    path = try state.activate("\(module).conv1", "\(module).bn1", path, by: .relu)
    path = try state.convolve(
      "\(module).conv2", path, kernels: [3], stride: isBottleneck ? stride : 1,
      groups: isBottleneck ? .any : .one)
    if isBottleneck {
      path = try state.activate("\(module).conv2", "\(module).bn2", path, by: .relu)
      path = try state.convolve("\(module).conv3", path, kernels: [1])
    }
    let last = isBottleneck ? 3 : 2
    path = try state.normalize("\(module).bn\(last)", path)
    state.name(path, ["\(module).conv\(last)", "\(module).bn\(last)"])
    var shortcut = value
    if isFirst, state.names.has("\(module).downsample.0") || stride > 1 {
      shortcut = try state.convolve(
        "\(module).downsample.0", value, kernels: [1], stride: stride)
      shortcut = try state.normalize("\(module).downsample.1", shortcut)
    }
    guard state.channels(of: path) == state.channels(of: shortcut) else {
      throw state.refusal(
        "block \(module.quoted) adds \(state.channels(of: path)) channels to "
          + "\(state.channels(of: shortcut))")
    }
    let sum = state.add("Add", name: "\(module)/sum", [path, shortcut])
    return state.add("Relu", name: "\(module)/relu", [sum])
  }
}
