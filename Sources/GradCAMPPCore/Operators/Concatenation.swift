import GradCAMPPKernels

/// Tensors one behind the other along an axis; some of them may be constants.
public struct Concatenation: Operator {
  /// The axis, counted from the batch as 0; not the batch itself.
  public let axis: Int

  /// Parts that are given, the same for each picture, by their places among all parts; shapes are
  /// without the batch.
  public let constants: [Int: Tensor]

  /// A concatenation along `axis`, 1 or more, of inputs and constants.
  public init(axis: Int, constants: [Int: Tensor] = [:]) {
    precondition(axis >= 1, "pictures of a batch are not joined")
    self.axis = axis
    self.constants = constants
  }

  /// "concatenation".
  public var kind: String { "concatenation" }

  /// True.
  public var isLinear: Bool { true }

  /// Shapes of all parts: inputs, in their order, where no constant stands.
  private func parts(_ inputs: [Shape]) -> [Shape] {
    var rest = inputs[...]
    return (0..<inputs.count + constants.count).map { place in
      if let constant = constants[place] { return Shape([inputs[0][0]] + constant.shape.extents) }
      return rest.popFirst() ?? inputs[0]
    }
  }

  /// Places of the inputs among all parts.
  private var inputPlaces: some Sequence<Int> {
    (0...).lazy.filter { constants[$0] == nil }
  }

  /// The parts' shape, along the axis their sum.
  public func outputShapes(_ inputs: [Shape]) throws(GradCAMError) -> [Shape] {
    let inputs = parts(inputs)
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

  /// Each part at its place.
  public func forward(_ slots: ForwardSlots, in run: Run) throws(GradCAMError) {
    var output = run.memory.writing(slots.output)
    let shapes = parts(slots.inputs.map(\.shape))
    let parts = AxisParts(shapes, axis: axis)
    for (place, input) in zip(inputPlaces, slots.inputs) {
      run.kernels.insert(run.memory.reading(input), parts.part(place), into: &output)
    }
    for (place, constant) in constants {
      let part = parts.part(place)
      let pictures = shapes[0].extents[..<axis].reduce(1, *)
      let stretches = pictures / shapes[0][0]
      // Again for each picture.
      let box = StridedAxes(
        [
          .init(extent: shapes[0][0], source: 0, target: stretches * part.wholeCount),
          .init(extent: stretches, source: part.count, target: part.wholeCount),
          .init(extent: part.count, source: 1, target: 1),
        ], targetStart: part.start)
      constant.read { run.kernels.copyStrided($0, box, into: &output) }
    }
  }

  /// Each input's part of the gradient.
  public func gradient(_ slots: GradientSlots, in run: Run) throws(GradCAMError) {
    let outputGradient = run.memory.reading(slots.outputGradient)
    let parts = AxisParts(parts(slots.inputShapes), axis: axis)
    for (place, result) in zip(inputPlaces, slots.inputGradients) {
      guard let result else { continue }
      var inputGradient = run.memory.writing(result)
      run.kernels.extract(outputGradient, parts.part(place), into: &inputGradient)
    }
  }
}
