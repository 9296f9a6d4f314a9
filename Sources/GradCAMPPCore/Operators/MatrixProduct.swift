import GradCAMPPKernels

/// The products of the matrices of two tensors, their two innermost axes; other axes are a batch of
/// them, of which those of extent 1 are spread, as in NumPy's `matmul`.
///
/// One of the two may be a constant.
public struct MatrixProduct: Operator {
  /// The operand that is given, without the batch of pictures, and whether it is the left one.
  private let constant: (tensor: Tensor, isLeft: Bool)?

  /// A product of two inputs.
  public init() { constant = nil }

  /// A product of one input with a constant of two axes or more, which is the left or right operand.
  public init(constant: Tensor, isLeft: Bool) {
    precondition(constant.shape.rank >= 2, "not a matrix")
    self.constant = (constant, isLeft)
  }

  /// "matrix product".
  public var kind: String { "matrix product" }

  /// With a constant.
  public var isLinear: Bool { constant != nil }

  /// Both inputs.
  public var gradientNeeds: GradientNeeds {
    constant == nil ? GradientNeeds(inputs: [0, 1]) : .nothing
  }

  /// The operands with as many axes each, extents of 1 in front of a constant's.
  private func operands(_ inputs: [Shape]) -> (left: Shape, right: Shape) {
    guard let constant else { return (inputs[0], inputs[1]) }
    let missing = max(0, inputs[0].rank - constant.tensor.shape.rank)
    let given = Shape([Int](repeating: 1, count: missing) + constant.tensor.shape.extents)
    return constant.isLeft ? (given, inputs[0]) : (inputs[0], given)
  }

  /// (N, batch…, rows of the left, columns of the right).
  public func outputShapes(_ inputs: [Shape]) throws(GradCAMError) -> [Shape] {
    let (left, right) = operands(inputs)
    let rank = left.rank
    func batch(_ shape: Shape) -> Shape { Shape(shape.extents.dropLast(2)) }
    guard rank == right.rank, (3...BroadcastAxes.maximumRank).contains(rank),
      left[rank - 1] == right[rank - 2], left[rank - 1] > 0,
      let extents = BroadcastAxes.extents(batch(left), batch(right)),
      inputs.allSatisfy({ $0[0] == extents[0] })
    else {
      throw GradCAMError(
        .badData,
        "tensors of shapes \(left) and \(right) cannot be multiplied as matrices; expected as many "
          + "columns as rows, and batches that are equal or 1")
    }
    return [Shape(extents + [left[rank - 2], right[rank - 1]])]
  }

  /// The columns of the left operand.
  public func multiplyAddsForElement(_ inputs: [Shape]) -> Int { operands(inputs).left.channels }

  /// How the operands meet, or a gradient and an operand.
  private func matrices(_ inputs: [Shape], _ role: Role) -> MatrixBatch {
    let (left, right) = operands(inputs)
    let rank = left.rank
    let (lefts, rights) = (Array(left.extents.dropLast(2)), Array(right.extents.dropLast(2)))
    let results = zip(lefts, rights).map { $0 == 1 ? $1 : $0 }
    let (rows, terms, columns) = (left[rank - 2], left[rank - 1], right[rank - 1])
    return switch role {
    case .product:
      MatrixBatch(
        rows: rows, columns: columns, terms: terms, left: lefts, right: rights, result: results)
    case .leftGradient:
      // (rows, columns) times the right operand turned.
      MatrixBatch(
        rows: rows, columns: terms, terms: columns, left: results, right: rights, result: lefts,
        isRightTurned: true)
    case .rightGradient:
      // The left operand turned times (rows, columns).
      MatrixBatch(
        rows: terms, columns: columns, terms: rows, left: lefts, right: results, result: rights,
        isLeftTurned: true)
    }
  }

  private enum Role { case product, leftGradient, rightGradient }

  /// What the kernels ask for.
  public func forwardScratch(_ inputs: [Shape]) -> Int { matrices(inputs, .product).scratch }

  /// What the kernels ask for.
  public func gradientScratch(_ inputs: [Shape]) -> Int { matrices(inputs, .product).scratch }

  /// `y = a b`.
  public func forward(_ slots: ForwardSlots, in run: Run) throws(GradCAMError) {
    let batch = matrices(slots.inputs.map(\.shape), .product)
    let input = run.memory.reading(slots.inputs[0])
    var scratch = run.memory.writing(slots.scratch)
    var output = run.memory.writing(slots.output)
    guard let constant else {
      let right = run.memory.reading(slots.inputs[1])
      return run.kernels.multiplyMatrices(input, right, batch, scratch: &scratch, into: &output)
    }
    constant.tensor.read { given in
      if constant.isLeft {
        run.kernels.multiplyMatrices(given, input, batch, scratch: &scratch, into: &output)
      } else {
        run.kernels.multiplyMatrices(input, given, batch, scratch: &scratch, into: &output)
      }
    }
  }

  /// `da = dy bᵀ` and `db = aᵀ dy`, summed over the batches that an operand is spread over.
  public func gradient(_ slots: GradientSlots, in run: Run) throws(GradCAMError) {
    let arriving = run.memory.reading(slots.outputGradient)
    var scratch = run.memory.writing(slots.scratch)
    for (place, result) in slots.inputGradients.enumerated() {
      guard let result else { continue }
      let isLeft = constant.map { !$0.isLeft } ?? (place == 0)
      let batch = matrices(slots.inputShapes, isLeft ? .leftGradient : .rightGradient)
      var inputGradient = run.memory.writing(result)
      guard let constant else {
        let other = run.memory.reading(slots.inputs[1 - place])
        if isLeft {
          run.kernels.multiplyMatrices(
            arriving, other, batch, scratch: &scratch, into: &inputGradient)
        } else {
          run.kernels.multiplyMatrices(
            other, arriving, batch, scratch: &scratch, into: &inputGradient)
        }
        continue
      }
      constant.tensor.read { given in
        if isLeft {
          run.kernels.multiplyMatrices(
            arriving, given, batch, scratch: &scratch, into: &inputGradient)
        } else {
          run.kernels.multiplyMatrices(
            given, arriving, batch, scratch: &scratch, into: &inputGradient)
        }
      }
    }
  }
}
