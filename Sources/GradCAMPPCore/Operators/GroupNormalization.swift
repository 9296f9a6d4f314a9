import GradCAMPPKernels

/// Each group of a picture's channels with mean 0 and variance 1, then a factor and an offset for each
/// channel (Wu and He 2018, "Group Normalization", section 3).
///
/// Groups of one channel are instance normalisation (Ulyanov et al. 2016).
public struct GroupNormalization: Operator {
  /// Groups of neighbouring channels.
  public let groups: Int
  /// One for each channel.
  public let factors: [Float]
  /// Likewise.
  public let offsets: [Float]
  /// What is added to variances.
  public let epsilon: Float

  /// `y = factor (x - mean) / sqrt(variance + epsilon) + offset`.
  public init(groups: Int, factors: [Float], offsets: [Float], epsilon: Float) {
    precondition(
      groups >= 1 && factors.count == offsets.count && factors.count % groups == 0,
      "groups do not divide channels")
    self.groups = groups
    self.factors = factors
    self.offsets = offsets
    self.epsilon = epsilon
  }

  /// "normalisation".
  public var kind: String { "normalisation" }

  /// The input.
  public var gradientNeeds: GradientNeeds { GradientNeeds(inputs: [0]) }

  /// The input's shape.
  public func outputShapes(_ inputs: [Shape]) throws(GradCAMError) -> [Shape] {
    guard inputs[0].rank >= 2, inputs[0].channels == factors.count else {
      throw GradCAMError(
        .badData,
        "a normalisation of \(factors.count) channels cannot take a tensor of shape "
          + "\(inputs[0].withoutBatch)")
    }
    return [inputs[0]]
  }

  private func items(_ shape: Shape) -> ChannelItems {
    ChannelItems(
      batch: shape[0], cells: shape.spatial.reduce(1, *), channels: shape.channels)
  }

  /// Four numbers for each picture and channel.
  public func forwardScratch(_ inputs: [Shape]) throws(GradCAMError) -> Int {
    4 * inputs[0][0] * inputs[0].channels
  }

  /// Six.
  public func gradientScratch(_ inputs: [Shape]) throws(GradCAMError) -> Int {
    6 * inputs[0][0] * inputs[0].channels
  }

  /// `y = factor (x - mean) / sqrt(variance + epsilon) + offset`.
  public func forward(_ slots: ForwardSlots, in run: Run) throws(GradCAMError) {
    let items = items(slots.inputs[0].shape)
    let parts = NormalizationParts(slots.scratch, items)
    let none: [Float] = []
    measure(slots.inputs[0], parts, in: run)
    let means = run.memory.reading(parts.means)
    var scales = run.memory.writing(parts.scales)
    var shifts = run.memory.writing(parts.shifts)
    for place in 0..<scales.count {
      let channel = place % items.channels
      scales[place] *= factors[channel]
      shifts[place] = offsets[channel] - means[place] * scales[place]
    }
    var output = run.memory.writing(slots.output)
    run.kernels.mixCells(
      run.memory.reading(slots.inputs[0]), factors: run.memory.reading(parts.scales), none.span,
      otherFactors: none.span, offsets: run.memory.reading(parts.shifts), items, into: &output)
  }

  /// `dx = r (g - mean(g) - (x - mean) r^2 mean(g (x - mean)))` with `g = factor dy` and
  /// `r = 1 / sqrt(variance + epsilon)`, means over the group.
  public func gradient(_ slots: GradientSlots, in run: Run) throws(GradCAMError) {
    guard let result = slots.inputGradients[0] else { return }
    let items = items(result.shape)
    let parts = NormalizationParts(slots.scratch, items)
    let none: [Float] = []
    let (input, arriving) = (
      run.memory.reading(slots.inputs[0]), run.memory.reading(slots.outputGradient)
    )
    measure(slots.inputs[0], parts, in: run)
    let means = run.memory.reading(parts.means)
    var sums = run.memory.writing(parts.sums)
    run.kernels.sumCells(arriving, items, centers: none.span, factors: none.span, into: &sums)
    average(parts.sums, factors, to: parts.shifts, items, in: run)
    run.kernels.sumCells(input, items, centers: means, factors: arriving, into: &sums)
    average(parts.sums, factors, to: parts.products, items, in: run)
    let products = run.memory.reading(parts.products)
    var scales = run.memory.writing(parts.scales)
    var shifts = run.memory.writing(parts.shifts)
    var inputScales = run.memory.writing(parts.inputScales)
    for place in 0..<scales.count {
      let root = scales[place]
      inputScales[place] = -root * root * root * products[place]
      shifts[place] = -root * shifts[place] - means[place] * inputScales[place]
      scales[place] = root * factors[place % items.channels]
    }
    var inputGradient = run.memory.writing(result)
    run.kernels.mixCells(
      arriving, factors: run.memory.reading(parts.scales), input,
      otherFactors: run.memory.reading(parts.inputScales),
      offsets: run.memory.reading(parts.shifts), items, into: &inputGradient)
  }

  /// Each channel's mean and `1 / sqrt(variance + epsilon)`, those of its group.
  private func measure(_ input: TensorSlot, _ parts: NormalizationParts, in run: Run) {
    let items = items(input.shape)
    let none: [Float] = []
    let numbers = run.memory.reading(input)
    var sums = run.memory.writing(parts.sums)
    run.kernels.sumCells(numbers, items, centers: none.span, factors: none.span, into: &sums)
    average(parts.sums, nil, to: parts.means, items, in: run)
    run.kernels.sumCells(
      numbers, items, centers: run.memory.reading(parts.means), factors: none.span, into: &sums)
    average(parts.sums, nil, to: parts.scales, items, in: run)
    var scales = run.memory.writing(parts.scales)
    for place in 0..<scales.count { scales[place] = 1 / (scales[place] + epsilon).squareRoot() }
  }

  /// The means of each group's sums over cells, times a weight for each channel, at each of its
  /// channels.
  private func average(
    _ sums: TensorSlot, _ weights: [Float]?, to means: TensorSlot, _ items: ChannelItems,
    in run: Run
  ) {
    let sums = run.memory.reading(sums)
    var means = run.memory.writing(means)
    let width = items.channels / groups
    for group in 0..<items.batch * groups {
      let first = group * width
      var sum = 0.0
      for place in first..<first + width {
        sum += Double(sums[place]) * Double(weights?[place % items.channels] ?? 1)
      }
      let mean = Float(sum / Double(items.cells * width))
      for place in first..<first + width { means[place] = mean }
    }
  }
}

/// Parts of the scratch, each with a number for each picture and channel.
private struct NormalizationParts {
  let sums: TensorSlot
  let means: TensorSlot
  let scales: TensorSlot
  let shifts: TensorSlot
  let products: TensorSlot
  let inputScales: TensorSlot

  init(_ scratch: TensorSlot, _ items: ChannelItems) {
    let count = items.batch * items.channels
    let parts = (0..<6).map {
      TensorSlot(offset: scratch.offset + $0 * count, shape: Shape([count]))
    }
    (sums, means, scales) = (parts[0], parts[1], parts[2])
    (shifts, products, inputScales) = (parts[3], parts[4], parts[5])
  }
}
