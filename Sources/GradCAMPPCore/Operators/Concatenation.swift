import GradCAMPPKernels

/// Tensors one behind the other along an axis.
public struct Concatenation: Operator {
  /// The axis, counted from the batch as 0; not the batch itself.
  public let axis: Int

  /// A concatenation along `axis`, 1 or more.
  public init(axis: Int) {
    precondition(axis >= 1, "pictures of a batch are not joined")
    self.axis = axis
  }

  /// "concatenation".
  public var kind: String { "concatenation" }

  /// True.
  public var isLinear: Bool { true }

  /// The inputs' shape, along the axis their sum.
  public func outputShapes(_ inputs: [Shape]) throws(GradCAMError) -> [Shape] {
    var extents = inputs[0].extents
    for shape in inputs {
      var others = shape.extents
      guard others.count == extents.count, axis < others.count else {
        throw Self.cannotJoin(inputs, axis)
      }
      others[axis] = extents[axis]
      guard others == extents else { throw Self.cannotJoin(inputs, axis) }
    }
    extents[axis] = inputs.reduce(0) { $0 + $1[axis] }
    return [Shape(extents)]
  }

  private static func cannotJoin(_ inputs: [Shape], _ axis: Int) -> GradCAMError {
    GradCAMError(
      .badData,
      "tensors of shapes "
        + inputs.map { "\($0.withoutBatch)" }.joined(separator: ", ")
        + " cannot be joined along axis \(axis); the other axes must be equal")
  }

  /// Each input at its place.
  public func forward(_ slots: ForwardSlots, in run: Run) throws(GradCAMError) {
    var output = run.memory.writing(slots.output)
    let parts = AxisParts(slots.inputs.map(\.shape), axis: axis)
    for (place, input) in slots.inputs.enumerated() {
      run.kernels.insert(run.memory.reading(input), parts.part(place), into: &output)
    }
  }

  /// Each input's part of the gradient.
  public func gradient(_ slots: GradientSlots, in run: Run) throws(GradCAMError) {
    let outputGradient = run.memory.reading(slots.outputGradient)
    let parts = AxisParts(slots.inputShapes, axis: axis)
    for (place, result) in slots.inputGradients.enumerated() {
      guard let result else { continue }
      var inputGradient = run.memory.writing(result)
      run.kernels.extract(outputGradient, parts.part(place), into: &inputGradient)
    }
  }
}
