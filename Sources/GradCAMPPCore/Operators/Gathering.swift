import GradCAMPPKernels

/// Places of an axis by their numbers, in any order and any number of times.
public struct Gathering: Operator {
  /// The axis, counted from the batch as 0; not the batch itself.
  public let axis: Int

  /// The places that are taken.
  public let indices: [Int]

  /// The places `indices`, 0 or more each, of `axis`, 1 or more.
  public init(axis: Int, indices: [Int]) {
    precondition(axis >= 1 && indices.allSatisfy { $0 >= 0 }, "pictures of a batch are not chosen")
    self.axis = axis
    self.indices = indices
  }

  /// "gathering".
  public var kind: String { "gathering" }

  /// True.
  public var isLinear: Bool { true }

  /// The input's extents, along the axis the number of places.
  public func outputShapes(_ inputs: [Shape]) throws(GradCAMError) -> [Shape] {
    let input = inputs[0]
    guard axis < input.rank, !indices.isEmpty, indices.allSatisfy({ $0 < input[axis] }) else {
      throw GradCAMError(
        .badData,
        "a tensor of shape \(input.withoutBatch) has no places \(indices.max() ?? 0) along axis "
          + "\(axis)")
    }
    var extents = input.extents
    extents[axis] = indices.count
    return [Shape(extents)]
  }

  /// The places.
  public func forward(_ slots: ForwardSlots, in run: Run) throws(GradCAMError) {
    var output = run.memory.writing(slots.output)
    run.kernels.gather(
      run.memory.reading(slots.inputs[0]), AxisStretch(slots.inputs[0].shape, axis: axis),
      indices: indices.span.bytes, into: &output)
  }

  /// For each place the sum of the gradients of its copies.
  public func gradient(_ slots: GradientSlots, in run: Run) throws(GradCAMError) {
    guard let result = slots.inputGradients[0] else { return }
    var inputGradient = run.memory.writing(result)
    run.kernels.gatherGradient(
      run.memory.reading(slots.outputGradient), AxisStretch(result.shape, axis: axis),
      indices: indices.span.bytes, into: &inputGradient)
  }
}
