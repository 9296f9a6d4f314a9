/// The modules of a network of inverted residual blocks, by the names that its origin gives them.
///
/// A block expands channels by a 1x1 convolution (the first stage's do not), convolves each for
/// itself, may weigh them by squeeze and excitation, and projects them by another 1x1 convolution
/// (Sandler et al. 2018, https://arxiv.org/abs/1801.04381; Tan and Le 2019,
/// https://arxiv.org/abs/1905.11946).
struct InvertedResidualModules {
  /// A convolution and the batch normalisation behind it.
  struct Unit {
    let convolution: String
    let normalization: String
    /// The module of both and the activation, where there is one.
    let module: String?

    init(_ convolution: String, _ normalization: String, in module: String? = nil) {
      self.convolution = convolution
      self.normalization = normalization
      self.module = module
    }

    /// A sequence of convolution, batch normalisation and activation.
    init(sequence module: String) {
      self.init("\(module).0", "\(module).1", in: module)
    }

    /// What its result is called.
    var name: String { module ?? convolution }
  }

  /// A block.
  struct Block {
    let name: String
    let expansion: Unit?
    let depthwise: Unit
    /// 1x1 convolutions with biases: to few channels and back.
    let squeeze: (reduction: String, expansion: String)?
    let projection: Unit
  }

  /// The first convolution, 3x3 with stride 2.
  let stem: Unit
  /// Blocks, stage by stage.
  let stages: [[Block]]
  /// Names of whole stages, where modules are made of them.
  let stageNames: [String]
  /// The last convolution, 1x1.
  let head: Unit
  /// The dense layer.
  let classifier: String
}
