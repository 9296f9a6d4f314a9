import GradCAMPPKernels

/// MobileNetV2, EfficientNets and EfficientNet-Lites from PyTorch.
enum TorchInvertedResiduals: ModelBuilder {
  static let name = "MobileNetV2 and EfficientNets"

  static func recognizes(_ weights: WeightStore) -> Bool { naming(weights) != nil }

  private static func naming(
    _ weights: WeightStore
  ) -> (naming: InvertedResidualNaming, prefix: String)? {
    for naming in InvertedResidualNaming.all {
      if let prefix = StateNames.prefix(before: naming.mark, in: weights) {
        return (naming, prefix)
      }
    }
    return nil
  }

  static func graph(
    _ weights: WeightStore, _ options: ModelOptions
  ) throws(GradCAMError) -> ModelGraph {
    let settings = try StateSettings(weights, options)
    guard let (naming, prefix) = naming(weights) else {
      throw GradCAMError(.badData, "\(weights.origin) holds no inverted residual blocks")
    }
    let names = StateNames(weights: weights, prefix: prefix)
    let modules = naming.modules(names)
    guard let family = InvertedResidualFamily.of(modules, names) else {
      throw names.refusal(
        as: "a network of inverted residual blocks",
        "the kernels of its \(modules.stages.count) stages are neither those of an EfficientNet nor "
          + "of a MobileNetV2")
    }
    let published = family.published(
      depths: modules.stages.map(\.count),
      width: modules.stages.last?.last.map { names.filter($0.projection.convolution)[0] } ?? 0)
    let rules = try InvertedResidualRules(family, naming, published?.place, settings.configuration)
    var state = StateGraph(
      "a network of the family \(family.name)", names,
      epsilon: settings.epsilon(else: rules.epsilon),
      size: try settings.inputSize(else: published?.input ?? 224))
    let output = try add(modules, family, rules.padding, to: &state)
    try state.classify(output, by: modules.classifier)
    let blocks = modules.stages.reduce(0) { $0 + $1.count }
    var model = try state.finished(
      architecture: published?.name ?? "\(family.name)-like, \(blocks) blocks",
      defaultLayer: modules.head.name, settings.normalization(else: rules.normalization))
    model.framing = rules.framing
    if published == nil {
      model.notes.append(settings.assumption("\(naming.origin)'s networks of \(family.name)"))
    }
    model.notes += rules.notes(weights.origin)
    return try settings.checked(model)
  }

  /// Adds all before the average; returns the last convolution's activation.
  private static func add(
    _ modules: InvertedResidualModules, _ family: InvertedResidualFamily,
    _ padding: StateGraph.Padding, to state: inout StateGraph
  ) throws(GradCAMError) -> String {
    let (stem, head) = (modules.stem, modules.head)
    var value = try state.convolve(
      stem.convolution, state.input, kernels: [3], stride: 2, padding: padding)
    value = try activate(stem, value, by: family.activation, in: &state)
    state.name(value, [stem.name], "convolution")
    for (stage, blocks) in modules.stages.enumerated() {
      for (index, block) in blocks.enumerated() {
        let isFirst = index == 0
        value = try add(
          block, value, kernel: family.kernels[stage], isExpanded: stage > 0,
          stride: isFirst ? InvertedResidualFamily.strides[stage] : 1, family.activation, padding,
          to: &state)
        let isLast = index == blocks.count - 1 && !modules.stageNames.isEmpty
        state.name(value, (isLast ? [modules.stageNames[stage]] : []) + [block.name], "block")
      }
    }
    value = try state.convolve(head.convolution, value, kernels: [1])
    value = try activate(head, value, by: family.activation, in: &state)
    state.name(value, [head.name], "convolution")
    return value
  }

  private static func activate(
    _ unit: InvertedResidualModules.Unit, _ value: String, by activation: StateActivation,
    in state: inout StateGraph
  ) throws(GradCAMError) -> String {
    try state.activate(unit.convolution, unit.normalization, value, by: activation)
  }

  /// Adds a block; where height, width and channels stay, its input is added to its output.
  private static func add(
    _ block: InvertedResidualModules.Block, _ value: String, kernel: Int, isExpanded: Bool,
    stride: Int, _ activation: StateActivation, _ padding: StateGraph.Padding,
    to state: inout StateGraph
  ) throws(GradCAMError) -> String {
    var path = value
    if let unit = block.expansion {
      path = try state.convolve(unit.convolution, path, kernels: [1])
      path = try activate(unit, path, by: activation, in: &state)
    }
    let factor = isExpanded ? 6 : 1
    guard state.channels(of: path) == factor * state.channels(of: value) else {
      throw state.refusal(
        "block \(block.name.quoted) makes \(state.channels(of: path)) channels of "
          + "\(state.channels(of: value)), where \(factor) times as many are expected")
    }
    let unit = block.depthwise
    path = try state.convolve(
      unit.convolution, path, kernels: [kernel], stride: stride, groups: .depthwise,
      padding: padding)
    path = try activate(unit, path, by: activation, in: &state)
    if let (reduction, expansion) = block.squeeze {
      let average = state.add("GlobalAveragePool", name: "\(block.name)/average", [path])
      var scale = try state.convolve(reduction, average, kernels: [1], hasBiases: true)
      scale = state.add(activation, "\(reduction)/activation", scale)
      scale = try state.convolve(expansion, scale, kernels: [1], hasBiases: true)
      scale = state.add("Sigmoid", name: "\(block.name)/scale", [scale])
      path = state.add("Mul", name: "\(block.name)/scaled", [path, scale])
    }
    path = try state.convolve(block.projection.convolution, path, kernels: [1])
    path = try state.normalize(block.projection.normalization, path)
    state.name(path, [block.projection.convolution, block.projection.normalization])
    guard stride == 1, state.channels(of: path) == state.channels(of: value) else { return path }
    return state.add("Add", name: "\(block.name)/sum", [path, value])
  }
}
