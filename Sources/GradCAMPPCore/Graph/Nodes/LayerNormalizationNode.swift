import GradCAMPPKernels

/// A node that normalises each stretch of its innermost axes by itself.
protocol LineNormalizationNode: NodeKind {
  /// Whether the mean is taken off.
  static var isCentered: Bool { get }
}

/// LayerNormalization: `(x - mean) / sqrt(variance + epsilon)` over the axes from `axis` on, times
/// factors, plus offsets.
enum LayerNormalizationNode: LineNormalizationNode {
  static let operation = "LayerNormalization"
  static let isCentered = true
}

/// RMSNormalization: `x / sqrt(mean of squares + epsilon)` over the axes from `axis` on, times factors.
enum RMSNormalizationNode: LineNormalizationNode {
  static let operation = "RMSNormalization"
  static let isCentered = false
}

extension LineNormalizationNode {
  /// The first of the axes, what is added to the variance, and the type of the sums.
  static var attributes: Set<String> { ["axis", "epsilon", "stash_type"] }

  /// The axes lie innermost.
  static var axisUse: AxisUse { .memory }

  /// The input's.
  static func outputShapes(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [Shape] {
    let shape = try inputs.shape(0, of: node)
    guard node.outputs.count == 1 else {
      throw node.error("gives its means and deviations as well, which are not served")
    }
    let normalized = try normalized(node, shape)
    for place in 1...2 where node.input(place) != nil || place == 1 {
      let factors = try inputs.shape(place, of: node)
      guard let extents = BroadcastAxes.extents(factors, normalized), extents == normalized.extents
      else {
        throw node.error(
          "has factors or offsets of shape \(factors); expected one for each of \(normalized)")
      }
    }
    return [shape]
  }

  /// The extents that are normalised together.
  private static func normalized(
    _ node: GraphNode, _ shape: Shape
  ) throws(GradCAMError) -> Shape {
    let axis = try node.axis("axis", default: -1, rank: shape.rank)
    return Shape(Array(shape.extents[axis...]))
  }

  /// The operator, and factors and offsets one for each place.
  static func lower(
    _ node: GraphNode, _ inputs: NodeInputs, to network: inout GraphLowering
  ) throws(GradCAMError) {
    let shape = try inputs.shape(0, of: node)
    let normalized = try normalized(node, shape)
    func numbers(_ place: Int) throws(GradCAMError) -> [Float] {
      let constant = try inputs.constant(place, of: node)
      let given = try constant.floats()
      guard given.allSatisfy(\.isFinite) else {
        throw node.error("holds NaN or infinity; finite numbers are expected")
      }
      guard constant.shape.count != normalized.count else { return given }
      // Spread over axes of extent 1.
      return (0..<normalized.count).map { given[constant.shape.place($0, in: normalized)] }
    }
    let operation = LayerNormalization(
      factors: try numbers(1), offsets: node.input(2) == nil ? [] : try numbers(2),
      epsilon: try node.float("epsilon", default: 1e-5), isCentered: isCentered)
    guard operation.epsilon >= 0 else {
      throw node.wrong("epsilon", .number(Double(operation.epsilon)), "0 or more")
    }
    let axis = try node.axis("axis", default: -1, rank: shape.rank)
    try network.add(for: node, inputs, movesFirst: axis == 0) { _ in operation }
  }
}
