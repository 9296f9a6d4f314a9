import GradCAMPPKernels

/// Axes in another order; the batch stays outermost.
public struct Transposition: Operator {
  /// Axis i of the output is axis `permutation[i]` of the input, the batch being axis 0 of both.
  public let permutation: [Int]

  /// A transposition of axes that are each named once, the batch first.
  public init(_ permutation: [Int]) {
    precondition(
      permutation.first == 0 && permutation.sorted() == Array(permutation.indices),
      "not an order of axes behind the batch")
    self.permutation = permutation
  }

  /// "transposition".
  public var kind: String { "transposition" }

  /// True.
  public var isLinear: Bool { true }

  /// The input's extents in their order.
  public func outputShapes(_ inputs: [Shape]) throws(GradCAMError) -> [Shape] {
    guard inputs[0].rank == permutation.count else {
      throw GradCAMError(
        .badData,
        "the axes of a tensor of shape \(inputs[0].withoutBatch) cannot be put in the order "
          + "\(permutation); expected \(permutation.count - 1) axes behind the batch")
    }
    try inputs[0].checkRank("transposed")
    return [Shape(permutation.map { inputs[0][$0] })]
  }

  /// Where each element goes, seen from the output.
  private func axes(_ input: Shape, isGradient: Bool) -> StridedAxes {
    let output = Shape(permutation.map { input[$0] })
    let (inputStrides, outputStrides) = (input.strides, output.strides)
    let axes = permutation.enumerated().map { place, axis in
      StridedAxes.Axis(
        extent: input[axis], source: inputStrides[axis], target: outputStrides[place])
    }
    guard isGradient else { return StridedAxes(axes) }
    return StridedAxes(
      input.extents.indices.map { axis in
        let found = axes[permutation.firstIndex(of: axis) ?? axis]
        return StridedAxes.Axis(extent: found.extent, source: found.target, target: found.source)
      })
  }

  /// Each element at its place.
  public func forward(_ slots: ForwardSlots, in run: Run) throws(GradCAMError) {
    var output = run.memory.writing(slots.output)
    run.kernels.copyStrided(
      run.memory.reading(slots.inputs[0]), axes(slots.inputs[0].shape, isGradient: false),
      into: &output)
  }

  /// Each element's gradient back at its place.
  public func gradient(_ slots: GradientSlots, in run: Run) throws(GradCAMError) {
    guard let result = slots.inputGradients[0] else { return }
    var inputGradient = run.memory.writing(result)
    run.kernels.copyStrided(
      run.memory.reading(slots.outputGradient), axes(result.shape, isGradient: true),
      into: &inputGradient)
  }
}

extension Shape {
  /// How far apart the places of each axis lie.
  var strides: [Int] {
    extents.indices.map { extents[($0 + 1)...].reduce(1, *) }
  }

  /// Throws `badData` for more axes than loops over boxes take.
  func checkRank(_ action: String) throws(GradCAMError) {
    guard rank <= StridedAxes.maximumRank - 1 else {
      throw GradCAMError(
        .badData,
        "a tensor of \(rank) axes cannot be \(action); at most \(StridedAxes.maximumRank - 1) are "
          + "expected")
    }
  }
}
