import GradCAMPPKernels

/// One number for all those along some axes, which are an attribute before version 13 or 18 and an
/// input from then on; where none are named, along all.
struct ReductionEvaluation: ConstantEvaluation {
  let operation: String
  let attributes: Set<String> = ["axes", "keepdims", "noop_with_empty_axes"]
  private let floats: @Sendable ([Float]) -> Float
  /// Nil where whole numbers would become fractions.
  private let integers: (@Sendable ([Int]) -> Int)?

  private init(
    _ operation: String, _ floats: @escaping @Sendable ([Float]) -> Float,
    _ integers: (@Sendable ([Int]) -> Int)? = nil
  ) {
    self.operation = operation
    self.floats = floats
    self.integers = integers
  }

  /// Every one; sums are taken in double precision.
  static let all: [any ConstantEvaluation] = [
    ReductionEvaluation("ReduceL1", { Float(sum($0) { abs($0) }) }),
    ReductionEvaluation("ReduceL2", { Float(sum($0) { $0 * $0 }.squareRoot()) }),
    ReductionEvaluation("ReduceMax", { $0.max() ?? -.infinity }, { $0.max() ?? .min }),
    ReductionEvaluation("ReduceMean", { Float(sum($0) { $0 } / Double($0.count)) }),
    ReductionEvaluation("ReduceMin", { $0.min() ?? .infinity }, { $0.min() ?? .max }),
    ReductionEvaluation("ReduceProd", { $0.reduce(1, *) }, { $0.reduce(1, &*) }),
    ReductionEvaluation("ReduceSum", { Float(sum($0) { $0 }) }, { $0.reduce(0, &+) }),
    ReductionEvaluation("ReduceSumSquare", { Float(sum($0) { $0 * $0 }) }),
  ]

  func results(_ node: GraphNode, _ inputs: KnownInputs) throws(GradCAMError) -> [KnownTensor] {
    let tensor = try inputs.tensor(0, of: node)
    let rank = tensor.shape.rank
    let stated = try inputs.integers(1, or: "axes", of: node) ?? []
    if stated.isEmpty, try node.flag("noop_with_empty_axes", default: false) { return [tensor] }
    var axes: Set<Int> = []
    for axis in stated { axes.insert(try node.place(axis, of: rank)) }
    if stated.isEmpty { axes = Set(0..<rank) }
    let isKept = try node.flag("keepdims", default: true)
    let strides = KnownTensor.strides(tensor.shape)
    let (gone, left) = (axes.sorted(), (0..<rank).filter { !axes.contains($0) })
    func places(_ axes: [Int]) -> [Int] {
      KnownTensor.places(Shape(axes.map { tensor.shape[$0] }), strides: axes.map { strides[$0] })
    }
    let shape = Shape(
      (0..<rank).compactMap { axes.contains($0) ? (isKept ? 1 : nil) : tensor.shape[$0] })
    let (starts, offsets) = (places(left), places(gone))
    if let values = tensor.integers, let integers {
      return [
        KnownTensor(
          shape, .integers(starts.map { start in integers(offsets.map { values[start + $0] }) }))
      ]
    }
    let values = tensor.floats
    return [
      KnownTensor(
        shape, .floats(starts.map { start in floats(offsets.map { values[start + $0] }) }))
    ]
  }

  private static func sum(_ values: [Float], _ term: (Double) -> Double) -> Double {
    values.reduce(0) { $0 + term(Double($1)) }
  }
}
