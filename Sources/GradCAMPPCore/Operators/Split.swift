import GradCAMPPKernels

/// The parts of a tensor along an axis, each an output of its own.
public struct Split: Operator {
  /// The axis, counted from the batch as 0; not the batch itself.
  public let axis: Int

  /// Extents of the parts along the axis.
  public let counts: [Int]

  /// A split into parts of `counts` along `axis`, 1 or more.
  public init(axis: Int, counts: [Int]) {
    precondition(axis >= 1 && !counts.isEmpty, "pictures of a batch are not split")
    self.axis = axis
    self.counts = counts
  }

  /// "split".
  public var kind: String { "split" }

  /// True.
  public var isLinear: Bool { true }

  /// The input's shape, along the axis the part's extent.
  public func outputShapes(_ inputs: [Shape]) throws(GradCAMError) -> [Shape] {
    let shape = inputs[0]
    guard axis < shape.rank, counts.allSatisfy({ $0 > 0 }), counts.reduce(0, +) == shape[axis]
    else {
      throw GradCAMError(
        .badData,
        "a tensor of shape \(shape.withoutBatch) cannot be split along axis \(axis) into parts of "
          + "\(counts); parts that add up to its extent are expected")
    }
    return counts.map { count in
      var extents = shape.extents
      extents[axis] = count
      return Shape(extents)
    }
  }

  /// Each part.
  public func forward(_ slots: ForwardSlots, in run: Run) throws(GradCAMError) {
    let input = run.memory.reading(slots.inputs[0])
    let parts = AxisParts(slots.outputs.map(\.shape), axis: axis)
    for (place, result) in slots.outputs.enumerated() {
      var output = run.memory.writing(result)
      run.kernels.extract(input, parts.part(place), into: &output)
    }
  }

  /// The parts' gradients side by side; 0 where the target does not depend on a part.
  public func gradient(_ slots: GradientSlots, in run: Run) throws(GradCAMError) {
    guard let result = slots.inputGradients[0] else { return }
    var inputGradient = run.memory.writing(result)
    if slots.outputGradients.contains(where: { $0 == nil }) {
      run.kernels.clear(&inputGradient)
    }
    let shapes = try outputShapes(slots.inputShapes)
    let parts = AxisParts(shapes, axis: axis)
    for (place, part) in slots.outputGradients.enumerated() {
      guard let part else { continue }
      run.kernels.insert(run.memory.reading(part), parts.part(place), into: &inputGradient)
    }
  }
}
