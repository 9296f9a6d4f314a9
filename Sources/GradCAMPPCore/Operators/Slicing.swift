import GradCAMPPKernels

/// Some places of each axis behind the batch, at equal distances, forwards or backwards.
public struct Slicing: Operator {
  /// The places of one axis: the first, how many, and from one to the next.
  public struct Places: Hashable, Sendable {
    /// The first place.
    public let start: Int
    /// How many.
    public let count: Int
    /// From one to the next; negative for backwards.
    public let step: Int

    /// Some places.
    public init(start: Int, count: Int, step: Int = 1) {
      self.start = start
      self.count = count
      self.step = step
    }
  }

  /// For each axis behind the batch.
  public let places: [Places]

  /// A slice of these places of each axis behind the batch.
  public init(_ places: [Places]) { self.places = places }

  /// "slice".
  public var kind: String { "slice" }

  /// True.
  public var isLinear: Bool { true }

  /// (N, counts…).
  public func outputShapes(_ inputs: [Shape]) throws(GradCAMError) -> [Shape] {
    let input = inputs[0]
    let fits = zip(places, input.extents.dropFirst()).allSatisfy { places, extent in
      let last = places.start + (places.count - 1) * places.step
      return places.count >= 1 && (0..<extent).contains(places.start)
        && (0..<extent).contains(last)
    }
    guard input.rank == places.count + 1, fits else {
      let wanted = places.map { "\($0.start)/\($0.count)/\($0.step)" }.joined(separator: ", ")
      throw GradCAMError(
        .badData,
        "a tensor of shape \(input.withoutBatch) has no places \(wanted) (start/count/step of each "
          + "axis)")
    }
    try input.checkRank("sliced")
    return [Shape([input[0]] + places.map(\.count))]
  }

  /// The slice of the whole as it lies in the slice, or the other way round.
  private func axes(_ whole: Shape, isGradient: Bool) -> StridedAxes {
    let strides = whole.strides
    let part = Shape([whole[0]] + places.map(\.count))
    let all = [Places(start: 0, count: whole[0])] + places
    let start = zip(all, strides).reduce(0) { $0 + $1.0.start * $1.1 }
    let axes = zip(zip(all, strides), part.strides).map { axis, partStride in
      let (places, stride) = axis
      return isGradient
        ? StridedAxes.Axis(extent: places.count, source: partStride, target: stride * places.step)
        : StridedAxes.Axis(extent: places.count, source: stride * places.step, target: partStride)
    }
    return isGradient
      ? StridedAxes(axes, targetStart: start) : StridedAxes(axes, sourceStart: start)
  }

  /// The places.
  public func forward(_ slots: ForwardSlots, in run: Run) throws(GradCAMError) {
    var output = run.memory.writing(slots.output)
    run.kernels.copyStrided(
      run.memory.reading(slots.inputs[0]), axes(slots.inputs[0].shape, isGradient: false),
      into: &output)
  }

  /// The gradients at the places, 0 elsewhere.
  public func gradient(_ slots: GradientSlots, in run: Run) throws(GradCAMError) {
    guard let result = slots.inputGradients[0] else { return }
    var inputGradient = run.memory.writing(result)
    run.kernels.clear(&inputGradient)
    run.kernels.copyStrided(
      run.memory.reading(slots.outputGradient), axes(result.shape, isGradient: true),
      into: &inputGradient)
  }
}
