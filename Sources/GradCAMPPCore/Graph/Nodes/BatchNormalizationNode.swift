import GradCAMPPKernels

/// BatchNormalization: `gamma (x - mean) / sqrt(variance + epsilon) + beta` for each channel, with
/// the running mean and variance (Ioffe and Szegedy 2015, algorithm 2).
///
/// A pass folds it into a convolution or dense layer before it; elsewhere it scales channels.
enum BatchNormalizationNode: NodeKind {
  static let operation = "BatchNormalization"
  static let attributes: Set<String> = ["epsilon", "momentum", "spatial", "training_mode"]
  static let axisUse = AxisUse.spatial

  static func outputShapes(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [Shape] {
    let shape = try inputs.shape(0, of: node)
    guard shape.rank >= 2 else {
      throw node.error("takes a tensor of shape \(shape); expected a batch and channels")
    }
    guard node.outputs.count == 1 else { throw node.error("is left in its training mode") }
    try node.require("training_mode", 0)
    try node.require("spatial", 1)
    let channels = NodeWindows.channels(node, shape)
    var counts: [Int] = []
    for place in 1...4 { counts.append(try inputs.shape(place, of: node).count) }
    guard counts.allSatisfy({ $0 == channels }) else {
      throw node.error(
        "has \(counts[0]) weights, \(counts[1]) biases, \(counts[2]) means and \(counts[3]) "
          + "variances; expected \(channels) of each, one for each channel")
    }
    return [shape]
  }

  static func lower(
    _ node: GraphNode, _ inputs: NodeInputs, to network: inout GraphLowering
  ) throws(GradCAMError) {
    let affine = try Affine(node, inputs)
    let offsets = affine.folded([Float](repeating: 0, count: affine.factors.count))
    try network.add(ChannelAffine(factors: affine.factors, offsets: offsets), for: node)
  }

  /// The normalisation as `factor x + offset`, by channel: `factor = gamma / sqrt(variance +
  /// epsilon)`, `offset = beta - mean factor`.
  struct Affine {
    let factors: [Float]
    let means: [Float]
    let betas: [Float]

    init(_ node: GraphNode, _ inputs: NodeInputs) throws(GradCAMError) {
      let epsilon = try node.number("epsilon", default: 1e-5)
      let gammas = try inputs.constant(1, of: node).floats()
      betas = try inputs.constant(2, of: node).floats()
      means = try inputs.constant(3, of: node).floats()
      let variances = try inputs.constant(4, of: node).floats()
      factors = zip(gammas, variances).map {
        Float(Double($0) / (Double($1) + epsilon).squareRoot())
      }
      guard (factors + betas + means).allSatisfy(\.isFinite) else {
        throw node.error(
          "holds NaN, infinity or a negative variance; finite numbers are expected")
      }
    }

    /// What biases before the normalisation come to behind it.
    func folded(_ biases: [Float]) -> [Float] {
      biases.indices.map {
        Float((Double(biases[$0]) - Double(means[$0])) * Double(factors[$0]) + Double(betas[$0]))
      }
    }
  }
}
