import GradCAMPPKernels

/// Clip: `min(max(x, min), max)`, whose bounds are attributes before version 11 and inputs
/// from then on.
///
/// From 0 to a bound it is ReLU6 and its like, whose derivative is 0 at both edges.
enum ClipNode: ActivationNode {
  static let operation = "Clip"
  static let attributes: Set<String> = ["max", "min"]

  static func activation(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> (any Activation)? {
    var lower = try bound(1, "min", -.infinity, node, inputs)
    var upper = try bound(2, "max", .infinity, node, inputs)
    // What older versions write for no bound.
    if lower == -.greatestFiniteMagnitude { lower = -.infinity }
    if upper == .greatestFiniteMagnitude { upper = .infinity }
    guard lower < upper else {
      throw node.error("clips to \(lower) and \(upper); expected a range")
    }
    switch (lower, upper) {
    case (-.infinity, .infinity): return nil
    case (0, .infinity): return ReLU()
    case (0, _): return ElementActivation(.boundedRectifier(upper: upper))
    default: return ElementActivation(.clip(lower: lower, upper: upper))
    }
  }

  /// A bound, which may be left out.
  private static func bound(
    _ place: Int, _ attribute: String, _ missing: Float, _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> Float {
    guard node.input(place) != nil else {
      return Float(try node.number(attribute, default: Double(missing)))
    }
    let values = try inputs.constant(place, of: node).floats()
    guard values.count == 1 else { throw node.error("has \(values.count) values for \(attribute)") }
    return values[0]
  }
}
