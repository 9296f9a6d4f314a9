import GradCAMPPKernels

/// Operations on yes and no, of inputs that are spread over each other.
struct LogicEvaluation: ConstantEvaluation {
  let operation: String
  private let count: Int
  private let combined: @Sendable (Bool, Bool) -> Bool

  private init(
    _ operation: String, inputs count: Int = 2,
    _ combined: @escaping @Sendable (Bool, Bool) -> Bool
  ) {
    self.operation = operation
    self.count = count
    self.combined = combined
  }

  /// Every one.
  static let all: [any ConstantEvaluation] = [
    LogicEvaluation("And") { $0 && $1 },
    LogicEvaluation("Not", inputs: 1) { left, _ in !left },
    LogicEvaluation("Or") { $0 || $1 },
    LogicEvaluation("Xor") { $0 != $1 },
  ]

  func results(_ node: GraphNode, _ inputs: KnownInputs) throws(GradCAMError) -> [KnownTensor] {
    guard node.inputs.count == count else {
      throw node.error("has \(node.inputs.count) inputs; expected \(count)")
    }
    let (left, right) = (try inputs.tensor(0, of: node), try inputs.tensor(count - 1, of: node))
    guard let extents = BroadcastAxes.extents(left.shape, right.shape) else {
      throw node.error("combines tensors of shapes \(left.shape) and \(right.shape)")
    }
    let shape = try node.knownShape(extents)
    func answers(_ tensor: KnownTensor) -> [Bool] {
      tensor.picked(KnownTensor.spreadPlaces(tensor.shape, over: shape), shape).floats.map {
        $0 != 0
      }
    }
    let found = zip(answers(left), answers(right)).map(combined)
    return [KnownTensor(shape, .integers(found.map { $0 ? 1 : 0 }))]
  }
}
