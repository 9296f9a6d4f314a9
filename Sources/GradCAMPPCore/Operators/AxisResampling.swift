import GradCAMPPKernels

/// Axes whose places are weighted sums of the places of the input's: padding and interpolation, one
/// axis after the other.
public struct AxisResampling: Operator {
  private struct Stage: Sendable {
    let axis: Int
    let map: AxisMap
    let transposed: AxisMap
  }

  /// "padding" or "resizing".
  public let kind: String
  /// What a place without a source becomes.
  public let fill: Float

  private let stages: [Stage]

  /// The map of each axis that has one, counted from the batch as 0; not of the batch itself.
  public init(_ kind: String, _ maps: [(axis: Int, map: AxisMap)], fill: Float = 0) {
    precondition(!maps.isEmpty && maps.allSatisfy { $0.axis >= 1 }, "pictures are not mixed")
    self.kind = kind
    self.fill = fill
    stages = maps.map { Stage(axis: $0.axis, map: $0.map, transposed: $0.map.transposed()) }
  }

  /// True.
  public var isLinear: Bool { true }

  /// The tensors from the input to the output.
  private func shapes(_ input: Shape) throws(GradCAMError) -> [Shape] {
    var shapes = [input]
    for stage in stages {
      var extents = shapes[shapes.count - 1].extents
      guard stage.axis < extents.count, extents[stage.axis] == stage.map.input else {
        throw GradCAMError(
          .badData,
          "\(kind) of \(stage.map.input) places of axis \(stage.axis) cannot take a tensor of shape "
            + "\(input.withoutBatch)")
      }
      extents[stage.axis] = stage.map.output
      guard let shape = Shape(checking: extents, elementSize: 4) else {
        throw GradCAMError(.badData, "\(kind) to extents \(extents) fits no memory")
      }
      shapes.append(shape)
    }
    return shapes
  }

  /// The input's shape with the extents of the maps.
  public func outputShapes(_ inputs: [Shape]) throws(GradCAMError) -> [Shape] {
    [try shapes(inputs[0])[stages.count]]
  }

  /// The taps of a place of each axis.
  public func multiplyAddsForElement(_ inputs: [Shape]) -> Int {
    stages.reduce(0) { $0 + max(1, $1.map.tapCount / max($1.map.output, 1)) }
  }

  /// The tensors between the axes.
  public func forwardScratch(_ inputs: [Shape]) throws(GradCAMError) -> Int {
    try shapes(inputs[0])[1..<stages.count].reduce(0) { $0 + $1.count }
  }

  /// Likewise.
  public func gradientScratch(_ inputs: [Shape]) throws(GradCAMError) -> Int {
    try forwardScratch(inputs)
  }

  /// `y(o) = Σ weight x(tap)` along each axis.
  public func forward(_ slots: ForwardSlots, in run: Run) throws(GradCAMError) {
    let shapes = try shapes(slots.inputs[0].shape)
    var source = slots.inputs[0]
    var next = slots.scratch.offset
    for (place, stage) in stages.enumerated() {
      let isLast = place == stages.count - 1
      let target = isLast ? slots.output : TensorSlot(offset: next, shape: shapes[place + 1])
      next += isLast ? 0 : target.shape.count
      map(source, stage.axis, stage.map, fill: fill, to: target, in: run)
      source = target
    }
  }

  /// `dx(i) = Σ weight dy(o)` over the places o that read i, along each axis.
  public func gradient(_ slots: GradientSlots, in run: Run) throws(GradCAMError) {
    guard let result = slots.inputGradients[0] else { return }
    let shapes = try shapes(result.shape)
    var source = slots.outputGradient
    var next = slots.scratch.offset
    for (place, stage) in stages.enumerated().reversed() {
      let target = place == 0 ? result : TensorSlot(offset: next, shape: shapes[place])
      next += place == 0 ? 0 : target.shape.count
      map(source, stage.axis, stage.transposed, fill: 0, to: target, in: run)
      source = target
    }
  }

  private func map(
    _ source: TensorSlot, _ axis: Int, _ map: AxisMap, fill: Float, to target: TensorSlot,
    in run: Run
  ) {
    var output = run.memory.writing(target)
    let inner = source.shape.extents[(axis + 1)...].reduce(1, *)
    run.kernels.mapAxis(
      run.memory.reading(source), map, inner: inner, fill: fill, into: &output)
  }
}
