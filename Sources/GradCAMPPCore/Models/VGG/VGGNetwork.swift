import GradCAMPPKernels

/// A network of the VGG family (Simonyan and Zisserman 2015), layer by layer.
///
/// Blocks of 3x3 convolutions conv1_1, conv1_2, …, each with ReLU, SAME padding and stride 1; a 2x2
/// max-pool with stride 2 after each block; dense layers with ReLU but for the last, whose outputs
/// are the logits. Whoever knows the names of an origin adds the layers in this order.
struct VGGNetwork {
  /// A batch normalisation behind a convolution.
  struct BatchNormalization {
    let name: String
    /// gamma, beta, mean, variance.
    let arrays: [WeightArray]
  }

  /// A layer with weights.
  struct Layer {
    let name: String
    /// (outputs, inputs, 3, 3), or (inputs, outputs).
    let weights: GraphConstant
    /// Nil only before a batch normalisation.
    let biases: WeightArray?
    let normalization: BatchNormalization?

    /// Outputs of a convolution.
    var channels: Int { weights.shape[0] }
  }

  /// Convolutions, block by block.
  private(set) var blocks: [[Layer]] = []
  /// Dense layers, the last one giving the logits.
  private(set) var dense: [Layer] = []
  /// What messages call the place the weights came from.
  let origin: String
  /// Where the origin's tensors have their channels.
  let layout: GraphNode.Layout
  /// Whether the origin's networks average what is before the dense layers to as many cells as these
  /// take, whatever the input's size.
  let isAdaptive: Bool

  init(origin: String, layout: GraphNode.Layout, isAdaptive: Bool) {
    self.origin = origin
    self.layout = layout
    self.isAdaptive = isAdaptive
  }

  /// Channels of the last convolution; those of a picture before the first.
  var channels: Int { blocks.last { !$0.isEmpty }?.last?.channels ?? 3 }

  /// Begins a block.
  mutating func beginBlock() { blocks.append([]) }

  /// Adds a convolution to the block, its weights' axes lying in `order`.
  mutating func addConvolution(
    _ name: String, _ array: WeightArray, order: AxisOrder, biases: WeightArray?,
    normalization: BatchNormalization? = nil
  ) throws(GradCAMError) {
    try checkBiases(biases, of: name, array.shape, outputs: order.axes.firstIndex(of: 0) ?? 0)
    let shape = array.shape
    let isFilter = shape.rank == order.rank
    let constant = isFilter ? GraphConstant(array, order: order) : GraphConstant(array)
    guard isFilter, Array(constant.shape.extents.dropFirst()) == [channels, 3, 3] else {
      throw GradCAMError(
        .badData,
        "\(origin): layer \(name) has weights of shape \(shape); expected 3x3x\(channels)xoutputs")
    }
    blocks[blocks.count - 1].append(
      Layer(name: name, weights: constant, biases: biases, normalization: normalization))
  }

  /// Adds a dense layer, its weights' axes, (inputs, outputs), lying in `order`.
  mutating func addDense(
    _ name: String, _ array: WeightArray, order: AxisOrder, biases: WeightArray
  ) throws(GradCAMError) {
    try checkBiases(biases, of: name, array.shape, outputs: order.axes.firstIndex(of: 1) ?? 1)
    let inputs = dense.last?.weights.shape[1]
    let isMatrix = array.shape.rank == 2
    let constant = isMatrix ? GraphConstant(array, order: order) : GraphConstant(array)
    guard isMatrix, inputs == nil || constant.shape[0] == inputs else {
      throw GradCAMError(
        .badData,
        "\(origin): layer \(name) has weights of shape \(constant.shape); expected "
          + "\(inputs.map(String.init) ?? "inputs")xoutputs")
    }
    dense.append(Layer(name: name, weights: constant, biases: biases, normalization: nil))
  }

  private func checkBiases(
    _ biases: WeightArray?, of name: String, _ shape: Shape, outputs: Int
  ) throws(GradCAMError) {
    guard let biases else { return }
    guard shape.count > 0, outputs < shape.rank, biases.shape.rank == 1,
      biases.shape.count == shape[outputs]
    else {
      throw GradCAMError(
        .badData,
        "\(origin): layer \(name) has biases of shape \(biases.shape) for weights of shape "
          + "\(shape); expected one bias for each of "
          + "\(outputs < shape.rank ? shape[outputs] : shape.channels) outputs")
    }
    let numbers = try biases.floats("\(origin): \("\(name)/biases".quoted)")
    guard numbers.allSatisfy(\.isFinite) else {
      throw GradCAMError(
        .badData,
        "\(origin): the biases of layer \(name) hold NaN or infinity; finite numbers are expected")
    }
  }

  /// "VGG11", "VGG13", "VGG16" and "VGG19" for their layouts, else "VGG-like" with the number of
  /// weight layers.
  var architecture: String {
    Self.architecture(
      depths: blocks.map(\.count), widths: blocks.compactMap { $0.last?.channels },
      dense: dense.map { $0.weights.shape[1] })
  }

  /// The name of an architecture by convolutions in each block, channels of each block, and outputs
  /// of each dense layer.
  static func architecture(depths: [Int], widths: [Int], dense: [Int]) -> String {
    let isOriginal = widths == [64, 128, 256, 512, 512] && dense.dropLast() == [4096, 4096]
    switch depths {
    case [1, 1, 2, 2, 2] where isOriginal: return "VGG11"
    case [2, 2, 2, 2, 2] where isOriginal: return "VGG13"
    case [2, 2, 3, 3, 3] where isOriginal: return "VGG16"
    case [2, 2, 4, 4, 4] where isOriginal: return "VGG19"
    default: return "VGG-like, \(depths.reduce(dense.count, +)) layers"
    }
  }
}
