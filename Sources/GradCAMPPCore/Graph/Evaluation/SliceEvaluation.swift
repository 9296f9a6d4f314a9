import GradCAMPPKernels

/// Slice: the elements of a tensor from start to end, by a step, along some axes; what lies outside
/// an axis is cut off.
///
/// Starts, ends and axes are attributes before version 10 and inputs from then on.
struct SliceEvaluation: ConstantEvaluation {
  let operation = "Slice"
  let attributes: Set<String> = ["axes", "ends", "starts"]

  func results(_ node: GraphNode, _ inputs: KnownInputs) throws(GradCAMError) -> [KnownTensor] {
    let tensor = try inputs.tensor(0, of: node)
    let rank = tensor.shape.rank
    guard let starts = try inputs.integers(1, or: "starts", of: node),
      let ends = try inputs.integers(2, or: "ends", of: node)
    else { throw node.error("does not say where it starts and ends") }
    let axes = try inputs.integers(3, or: "axes", of: node) ?? Array(starts.indices)
    let steps =
      node.input(4) == nil ? starts.map { _ in 1 } : try inputs.integers(4, of: node)
    guard ends.count == starts.count, axes.count == starts.count, steps.count == starts.count,
      axes.allSatisfy((-rank..<rank).contains), steps.allSatisfy({ $0 != 0 && $0 != .min })
    else {
      throw node.error(
        "cuts axes \(axes) of \(rank) from \(starts) to \(ends) by steps \(steps); expected a start, "
          + "an end and a step that is not 0 for each axis")
    }
    let strides = KnownTensor.strides(tensor.shape)
    var extents = tensor.shape.extents
    var resultStrides = strides
    var origin = 0
    for (place, axis) in axes.enumerated() {
      let axis = axis < 0 ? axis + rank : axis
      let cut = Self.cut(
        from: starts[place], to: ends[place], by: steps[place], of: tensor.shape[axis])
      extents[axis] = cut.count
      // Of one element the step may be anything.
      resultStrides[axis] = strides[axis] &* steps[place]
      origin += strides[axis] * cut.start
    }
    let shape = try node.knownShape(extents)
    let places =
      shape.count == 0 ? [] : KnownTensor.places(shape, strides: resultStrides, from: origin)
    return [tensor.picked(places, shape)]
  }

  /// The first place, and how many, of an axis of `extent` places.
  static func cut(
    from start: Int, to end: Int, by step: Int, of extent: Int
  ) -> (start: Int, count: Int) {
    func place(_ index: Int) -> Int { index < 0 ? max(index, -extent - 1) + extent : index }
    if step > 0 {
      let first = min(max(place(start), 0), extent)
      let last = min(max(place(end), 0), extent)
      return (first, max(0, (last - first - 1) / step + (last > first ? 1 : 0)))
    }
    let first = min(max(place(start), -1), extent - 1)
    let last = min(max(place(end), -1), extent - 1)
    return (max(first, 0), first > last ? (first - last - 1) / -step + 1 : 0)
  }
}
