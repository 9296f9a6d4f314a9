import GradCAMPPKernels

/// Normalisations of weights by their own mean and variance, which networks with standardised
/// weights have: InstanceNormalization, and BatchNormalization in its training mode.
///
/// With one picture both are the same: channel c becomes
/// `scale[c] * (x - mean) / sqrt(variance + epsilon) + bias[c]`.
struct NormalizationEvaluation: ConstantEvaluation {
  let operation: String
  let attributes: Set<String>

  /// Every one.
  static let all: [any ConstantEvaluation] = [
    NormalizationEvaluation(operation: "InstanceNormalization", attributes: ["epsilon"]),
    NormalizationEvaluation(
      operation: BatchNormalizationNode.operation,
      attributes: ["epsilon", "momentum", "spatial", "training_mode"]),
  ]

  func results(_ node: GraphNode, _ inputs: KnownInputs) throws(GradCAMError) -> [KnownTensor] {
    let tensor = try inputs.tensor(0, of: node)
    let (scale, bias) = (
      try inputs.tensor(1, of: node).floats, try inputs.tensor(2, of: node).floats
    )
    let epsilon = try node.number("epsilon", default: 1e-5)
    guard tensor.shape.rank >= 2, scale.count == tensor.shape[1], bias.count == scale.count else {
      throw node.error(
        "normalises a tensor of shape \(tensor.shape) by \(scale.count) factors; expected one for "
          + "each channel")
    }
    let isInstance = operation == "InstanceNormalization"
    let isTrained = isInstance ? false : try node.flag("training_mode", default: false)
    guard isInstance || isTrained && tensor.shape[0] == 1 else {
      return [try normalized(tensor, scale, bias, epsilon, node, inputs)]
    }
    let size = tensor.shape.extents.dropFirst(2).reduce(1, *)
    var values = tensor.floats
    for start in stride(from: 0, to: values.count, by: max(size, 1)) {
      let cells = start..<start + size
      let mean = cells.reduce(0) { $0 + Double(values[$1]) } / Double(size)
      let variance =
        cells.reduce(0) { $0 + (Double(values[$1]) - mean) * (Double(values[$1]) - mean) }
        / Double(size)
      let channel = start / max(size, 1) % scale.count
      let factor = Double(scale[channel]) / (variance + epsilon).squareRoot()
      for cell in cells {
        values[cell] = Float((Double(values[cell]) - mean) * factor + Double(bias[channel]))
      }
    }
    let result = KnownTensor(tensor.shape, .floats(values))
    guard node.outputs.dropFirst().allSatisfy(\.isEmpty) || isTrained else { return [result] }
    // The running statistics, which nobody reads who does not train.
    return [result] + node.outputs.dropFirst().map { _ in KnownTensor(list: []) }
  }

  /// By the mean and variance that the node is given.
  private func normalized(
    _ tensor: KnownTensor, _ scale: [Float], _ bias: [Float], _ epsilon: Double, _ node: GraphNode,
    _ inputs: KnownInputs
  ) throws(GradCAMError) -> KnownTensor {
    try node.require("training_mode", 0)
    let mean = try inputs.tensor(3, of: node).floats
    let variance = try inputs.tensor(4, of: node).floats
    guard mean.count == scale.count, variance.count == scale.count else {
      throw node.error("has \(mean.count) means for \(scale.count) channels")
    }
    let size = tensor.shape.extents.dropFirst(2).reduce(1, *)
    let values = tensor.floats.enumerated().map { index, value in
      let channel = index / max(size, 1) % scale.count
      let factor = Double(scale[channel]) / (Double(variance[channel]) + epsilon).squareRoot()
      return Float((Double(value) - Double(mean[channel])) * factor + Double(bias[channel]))
    }
    return KnownTensor(tensor.shape, .floats(values))
  }
}
