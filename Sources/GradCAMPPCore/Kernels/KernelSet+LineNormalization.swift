// Layer normalisation (Ba, Kiros and Hinton 2016, equation 3) and the root-mean-square one (Zhang and
// Sennrich 2019): each line of numbers, the innermost axes, by its own mean and deviation. The
// variance is taken of differences from the mean. Going back both are computed once more, which is
// less than to keep them. A task is about 16384 elements.

/// What is done to each line.
public struct LineNormalization: Hashable, Sendable {
  /// Numbers of a line.
  public let count: Int
  /// What is added to the variance.
  public let epsilon: Float
  /// Whether the mean is taken off; without it the root of the mean square is the deviation.
  public let isCentered: Bool

  /// A normalisation of lines of `count` numbers, 1 or more.
  public init(count: Int, epsilon: Float, isCentered: Bool) {
    precondition(count > 0, "a line of no numbers")
    self.count = count
    self.epsilon = epsilon
    self.isCentered = isCentered
  }
}

extension KernelSet {
  /// `factor (x - mean) / sqrt(variance + epsilon) + offset`, line by line; without offsets where
  /// those are empty.
  @inlinable
  public static func normalizeLines(
    _ input: Span<Float>, _ normalization: LineNormalization, factors: Span<Float>,
    offsets: Span<Float>, into output: inout MutableSpan<Float>
  ) {
    let count = normalization.count
    precondition(
      input.count.isMultiple(of: count) && output.count == input.count && factors.count == count
        && (offsets.isEmpty || offsets.count == count), "normalizeLines: lengths do not fit")
    let lines = input.count / count
    input.withUnsafeBufferPointer { input in
      factors.withUnsafeBufferPointer { factors in
        offsets.withUnsafeBufferPointer { offsets in
          output.withUnsafeMutableBufferPointer { output in
            guard let input = input.baseAddress, let factors = factors.baseAddress,
              let output = output.baseAddress
            else { return }
            let offsets = offsets.isEmpty ? nil : offsets.baseAddress
            ThreadPool.shared.parallelRuns(lines, length: max(1, 16384 / count)) { run in
              for line in run {
                Self.normalizeLine(
                  input + line * count, normalization, factors, offsets, into: output + line * count
                )
              }
            }
          }
        }
      }
    }
  }

  /// `dx = (g - mean(g) - n mean(g n)) / deviation`, with `g = factor dy` and n the normalised
  /// line; without `mean(g)` where the mean is not taken off.
  @inlinable
  public static func normalizeLinesGradient(
    _ outputGradient: Span<Float>, input: Span<Float>, _ normalization: LineNormalization,
    factors: Span<Float>, into inputGradient: inout MutableSpan<Float>
  ) {
    let count = normalization.count
    precondition(
      input.count.isMultiple(of: count) && outputGradient.count == input.count
        && inputGradient.count == input.count && factors.count == count,
      "normalizeLinesGradient: lengths do not fit")
    let lines = input.count / count
    outputGradient.withUnsafeBufferPointer { gradient in
      input.withUnsafeBufferPointer { input in
        factors.withUnsafeBufferPointer { factors in
          inputGradient.withUnsafeMutableBufferPointer { result in
            guard let gradient = gradient.baseAddress, let input = input.baseAddress,
              let factors = factors.baseAddress, let result = result.baseAddress
            else { return }
            ThreadPool.shared.parallelRuns(lines, length: max(1, 16384 / count)) { run in
              for line in run {
                Self.normalizeLineGradient(
                  gradient + line * count, input + line * count, normalization, factors,
                  into: result + line * count)
              }
            }
          }
        }
      }
    }
  }

  /// The mean and 1 / deviation of a line.
  @inlinable @inline(__always)
  static func moments(
    _ numbers: UnsafePointer<Float>, _ normalization: LineNormalization
  ) -> (mean: Float, rate: Float) {
    let count = normalization.count
    var lanes = Vector(repeating: 0)
    var rest: Float = 0
    var index = 0
    if normalization.isCentered {
      while index + Vector.width <= count {
        lanes = lanes + .load(numbers + index)
        index += Vector.width
      }
      while index < count {
        rest += numbers[index]
        index += 1
      }
    }
    let mean = (lanes.sum() + rest) / Float(count)
    let center = Vector(repeating: mean)
    (lanes, rest, index) = (Vector(repeating: 0), 0, 0)
    while index + Vector.width <= count {
      let distance = Vector.load(numbers + index) - center
      lanes = lanes.addingProduct(distance, distance)
      index += Vector.width
    }
    while index < count {
      rest += (numbers[index] - mean) * (numbers[index] - mean)
      index += 1
    }
    let variance = (lanes.sum() + rest) / Float(count)
    return (mean, 1 / (variance + normalization.epsilon).squareRoot())
  }

  @inlinable
  static func normalizeLine(
    _ numbers: UnsafePointer<Float>, _ normalization: LineNormalization,
    _ factors: UnsafePointer<Float>, _ offsets: UnsafePointer<Float>?,
    into result: UnsafeMutablePointer<Float>
  ) {
    let (mean, rate) = moments(numbers, normalization)
    let (center, scale) = (Vector(repeating: mean), Vector(repeating: rate))
    var index = 0
    while index < normalization.count {
      let held = min(Vector.width, normalization.count - index)
      var offset = Vector(repeating: 0)
      if let offsets { offset = loaded(offsets + index, held) }
      let normalized = (loaded(numbers + index, held) - center) * scale
      store(
        offset.addingProduct(normalized, loaded(factors + index, held)), held, to: result + index)
      index += Vector.width
    }
  }

  @inlinable
  static func normalizeLineGradient(
    _ gradient: UnsafePointer<Float>, _ numbers: UnsafePointer<Float>,
    _ normalization: LineNormalization, _ factors: UnsafePointer<Float>,
    into result: UnsafeMutablePointer<Float>
  ) {
    let count = normalization.count
    let (mean, rate) = moments(numbers, normalization)
    let (center, scale) = (Vector(repeating: mean), Vector(repeating: rate))
    let zero = Vector(repeating: 0)
    var (arrivals, products) = (zero, zero)
    var (arrivalRest, productRest) = (Float(0), Float(0))
    var index = 0
    while index < count {
      let held = min(Vector.width, count - index)
      let arriving = loaded(gradient + index, held) * loaded(factors + index, held)
      let product = arriving * ((loaded(numbers + index, held) - center) * scale)
      if held == Vector.width {
        arrivals = arrivals + arriving
        products = products + product
      } else {
        arrivalRest = laneSum(arriving, held)
        productRest = laneSum(product, held)
      }
      index += Vector.width
    }
    let shift =
      normalization.isCentered
      ? Vector(repeating: (arrivals.sum() + arrivalRest) / Float(count)) : zero
    let slope = Vector(repeating: (products.sum() + productRest) / Float(count))
    index = 0
    while index < count {
      let held = min(Vector.width, count - index)
      let arriving = loaded(gradient + index, held) * loaded(factors + index, held)
      let normalized = (loaded(numbers + index, held) - center) * scale
      store((arriving - shift - normalized * slope) * scale, held, to: result + index)
      index += Vector.width
    }
  }
}
