/// A way of naming the modules of inverted residual blocks.
///
/// To add one: a case of `all` here.
struct InvertedResidualNaming: Sendable {
  typealias Modules = InvertedResidualModules

  /// Whose names these are, as messages say it.
  let origin: String
  /// A name that state dictionaries of this kind have and others have not.
  let mark: String
  /// The modules of a store.
  let modules: @Sendable (_ names: StateNames) -> Modules

  /// All of them.
  static let all = [timm, torchvision, torchvisionMobileNet, efficientNetPyTorch]

  /// timm's `conv_stem`, `blocks.S.B.conv_pw`, `conv_head`.
  static let timm = InvertedResidualNaming(
    origin: "timm", mark: "blocks.0.0.conv_dw.weight"
  ) { names in
    let stages = names.count { "blocks.\($0).0.conv_dw" }
    return Modules(
      stem: Modules.Unit("conv_stem", "bn1"),
      stages: (0..<stages).map { stage in
        (0..<names.count { "blocks.\(stage).\($0).conv_dw" }).map { index in
          let block = "blocks.\(stage).\(index)"
          // Without an expansion the projection is `conv_pw`, and batch normalisations count from 1.
          let isExpanded = names.has("\(block).conv_pwl")
          let first = isExpanded ? 2 : 1
          return Modules.Block(
            name: block,
            expansion: isExpanded ? Modules.Unit("\(block).conv_pw", "\(block).bn1") : nil,
            depthwise: Modules.Unit("\(block).conv_dw", "\(block).bn\(first)"),
            squeeze: names.has("\(block).se.conv_reduce")
              ? ("\(block).se.conv_reduce", "\(block).se.conv_expand") : nil,
            projection: Modules.Unit(
              isExpanded ? "\(block).conv_pwl" : "\(block).conv_pw", "\(block).bn\(first + 1)"))
        }
      },
      stageNames: (0..<stages).map { "blocks.\($0)" }, head: Modules.Unit("conv_head", "bn2"),
      classifier: "classifier")
  }

  /// torchvision's EfficientNets: `features.0.0`, `features.S.B.block.0.0`, `classifier.1`.
  static let torchvision = InvertedResidualNaming(
    origin: "torchvision", mark: "features.1.0.block.0.0.weight"
  ) { names in
    let stages = names.count { "features.\($0 + 1).0.block.0.0" }
    return Modules(
      stem: Modules.Unit(sequence: "features.0"),
      stages: (1..<stages + 1).map { stage in
        (0..<names.count { "features.\(stage).\($0).block.0.0" }).map { index in
          let block = "features.\(stage).\(index)"
          let isExpanded = names.has("\(block).block.3.0")
          func unit(_ place: Int) -> Modules.Unit {
            Modules.Unit(sequence: "\(block).block.\(place)")
          }
          let first = isExpanded ? 1 : 0
          let squeeze = "\(block).block.\(first + 1)"
          return Modules.Block(
            name: block, expansion: isExpanded ? unit(0) : nil, depthwise: unit(first),
            squeeze: ("\(squeeze).fc1", "\(squeeze).fc2"), projection: unit(first + 2))
        }
      },
      stageNames: (1..<stages + 1).map { "features.\($0)" },
      head: Modules.Unit(sequence: "features.\(stages + 1)"),
      classifier: "classifier")
  }

  /// torchvision's MobileNetV2: `features.0.0`, `features.B.conv.0.0`, `classifier.1`; its stages
  /// are those of the paper's table 2.
  static let torchvisionMobileNet = InvertedResidualNaming(
    origin: "torchvision", mark: "features.1.conv.0.0.weight"
  ) { names in
    let depths = [1, 2, 3, 4, 3, 3, 1]
    var places = (1...depths.reduce(0, +)).makeIterator()
    let last = depths.reduce(0, +) + 1
    return Modules(
      stem: Modules.Unit(sequence: "features.0"),
      stages: depths.map { depth in
        (0..<depth).compactMap { _ in places.next() }.map { place in
          let block = "features.\(place)"
          let isExpanded = names.has("\(block).conv.1.0")
          func unit(_ place: Int) -> Modules.Unit {
            Modules.Unit(sequence: "\(block).conv.\(place)")
          }
          let first = isExpanded ? 1 : 0
          return Modules.Block(
            name: block, expansion: isExpanded ? unit(0) : nil, depthwise: unit(first),
            squeeze: nil,
            projection: Modules.Unit(
              "\(block).conv.\(first + 1)", "\(block).conv.\(first + 2)"))
        }
      },
      stageNames: [], head: Modules.Unit(sequence: "features.\(last)"),
      classifier: "classifier")
  }

  /// Those of the packages efficientnet_pytorch and efficientnet_lite_pytorch: `_conv_stem`,
  /// `_blocks.B._depthwise_conv`, `_fc`; a stage ends where the number of channels changes.
  static let efficientNetPyTorch = InvertedResidualNaming(
    origin: "efficientnet_pytorch", mark: "_blocks.0._depthwise_conv.weight"
  ) { names in
    var stages: [[Modules.Block]] = []
    var channels = 0
    let count = names.count { "_blocks.\($0)._depthwise_conv" }
    for place in 0..<count {
      let block = "_blocks.\(place)"
      let outputs = names.filter("\(block)._project_conv")[0]
      if outputs != channels { stages.append([]) }
      channels = outputs
      stages[stages.count - 1].append(
        Modules.Block(
          name: block,
          expansion: names.has("\(block)._expand_conv")
            ? Modules.Unit("\(block)._expand_conv", "\(block)._bn0") : nil,
          depthwise: Modules.Unit("\(block)._depthwise_conv", "\(block)._bn1"),
          squeeze: names.has("\(block)._se_reduce")
            ? ("\(block)._se_reduce", "\(block)._se_expand") : nil,
          projection: Modules.Unit("\(block)._project_conv", "\(block)._bn2")))
    }
    return Modules(
      stem: Modules.Unit("_conv_stem", "_bn0"), stages: stages, stageNames: [],
      head: Modules.Unit("_conv_head", "_bn1"), classifier: "_fc")
  }
}
