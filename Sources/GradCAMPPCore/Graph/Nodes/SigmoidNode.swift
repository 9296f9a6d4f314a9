import GradCAMPPKernels

/// Sigmoid: `1 / (1 + exp(-x))`.
///
/// As the last node it is taken off, see `DropOutputActivation`; no operator computes it elsewhere.
enum SigmoidNode: NodeKind {
  static let operation = "Sigmoid"
  static let axisUse = AxisUse.elementwise

  static func outputShapes(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [Shape] {
    [try inputs.shape(0, of: node)]
  }
}
