import GradCAMPPKernels

/// A tensor repeated along its axes.
public struct Tiling: Operator {
  /// How often along each axis behind the batch.
  public let repeats: [Int]

  /// A tensor repeated so often along each axis behind the batch, once or more.
  public init(_ repeats: [Int]) { self.repeats = repeats }

  /// "tiling".
  public var kind: String { "tiling" }

  /// True.
  public var isLinear: Bool { true }

  /// Each extent as often as its axis is repeated.
  public func outputShapes(_ inputs: [Shape]) throws(GradCAMError) -> [Shape] {
    let input = inputs[0]
    guard input.rank == repeats.count + 1, repeats.allSatisfy({ $0 >= 1 }) else {
      throw GradCAMError(
        .badData,
        "a tensor of shape \(input.withoutBatch) cannot be repeated \(repeats) times; expected a "
          + "number from 1 up for each axis")
    }
    let (split, _) = axes(input)
    guard split.rank <= BroadcastAxes.maximumRank else {
      throw GradCAMError(
        .badData,
        "a tensor of shape \(input.withoutBatch) cannot be repeated \(repeats) times; at most "
          + "\(BroadcastAxes.maximumRank) axes and repeats are expected")
    }
    return [Shape([input[0]] + zip(repeats, input.extents.dropFirst()).map { $0 * $1 })]
  }

  /// The output with each repeated axis as two, and the input likewise with extents of 1.
  private func axes(_ input: Shape) -> (output: Shape, input: Shape) {
    var extents = (output: [input[0]], input: [input[0]])
    for (times, extent) in zip(repeats, input.extents.dropFirst()) {
      if times > 1 {
        extents.output.append(times)
        extents.input.append(1)
      }
      extents.output.append(extent)
      extents.input.append(extent)
    }
    return (Shape(extents.output), Shape(extents.input))
  }

  /// The numbers again and again.
  public func forward(_ slots: ForwardSlots, in run: Run) throws(GradCAMError) {
    let (split, single) = axes(slots.inputs[0].shape)
    let (targets, sources) = (split.strides, single.strides)
    let box = StridedAxes(
      split.extents.indices.map { axis in
        StridedAxes.Axis(
          extent: split[axis], source: single[axis] == 1 ? 0 : sources[axis],
          target: targets[axis])
      })
    var output = run.memory.writing(slots.output)
    run.kernels.copyStrided(run.memory.reading(slots.inputs[0]), box, into: &output)
  }

  /// The sum of the gradients of all copies.
  public func gradient(_ slots: GradientSlots, in run: Run) throws(GradCAMError) {
    guard let result = slots.inputGradients[0] else { return }
    let (split, single) = axes(result.shape)
    let arriving = run.memory.reading(slots.outputGradient)
    var inputGradient = run.memory.writing(result)
    // What an operand of a sum gets that is spread over the other's axes.
    run.kernels.combineGradient(
      .add, isLeft: false, arriving, run.memory.reading(.empty), run.memory.reading(.empty),
      BroadcastAxes(split, single), into: &inputGradient)
  }
}
