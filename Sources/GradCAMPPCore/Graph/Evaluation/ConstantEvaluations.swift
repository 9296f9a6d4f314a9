import GradCAMPPKernels

/// The operations that are computed when a file is opened, where their inputs are known.
enum ConstantEvaluations {
  /// Every one.
  static let all: [any ConstantEvaluation] =
    [
      CastEvaluation(),
      ConcatEvaluation(),
      ConstantOfShapeEvaluation(),
      CumulativeSumEvaluation(),
      ExpandEvaluation(),
      FlattenEvaluation(),
      GatherEvaluation(),
      NonZeroEvaluation(),
      RangeEvaluation(),
      ScatterEvaluation(),
      ShapeEvaluation(),
      SizeEvaluation(),
      SliceEvaluation(),
      SplitEvaluation(),
      TileEvaluation(),
      WhereEvaluation(),
    ] + ArithmeticEvaluation.all + ComparisonEvaluation.all + FunctionEvaluation.all
    + LogicEvaluation.all + NormalizationEvaluation.all + ReductionEvaluation.all

  private static let byName = Dictionary(
    all.map { ($0.operation, $0) }, uniquingKeysWith: { first, _ in first })

  /// The evaluation of an operation, if it has one.
  static func named(_ operation: String) -> (any ConstantEvaluation)? { byName[operation] }

  /// The outputs of a node; nil where they do not follow from constants and extents alone.
  static func results(
    of node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [KnownTensor]? {
    guard let evaluation = named(node.operation) else { return nil }
    var tensors: [KnownTensor?] = []
    for place in node.inputs.indices {
      guard evaluation.needsNumbers, node.input(place) != nil else {
        tensors.append(nil)
        continue
      }
      guard let constant = inputs.constants[place] else { return nil }
      guard constant.shape.count <= KnownTensor.largestCount else { return nil }
      tensors.append(try KnownTensor(constant))
    }
    let found = try evaluation.results(
      node, KnownInputs(shapes: inputs.shapes, tensors: tensors))
    guard found.count >= node.outputs.count else {
      throw node.error("writes \(node.outputs.count) values; expected \(found.count)")
    }
    return found
  }
}
