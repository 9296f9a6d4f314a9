// `exp(x - max) / Σ exp(x - max)` along an axis, or its logarithm (Bridle 1990). Where the axis is
// the innermost, lanes are its numbers; else they are elements of the axes inside of it. A number
// that is not finite makes its whole line NaN. A task is about 16384 elements.

/// Where softmax, or its gradient, reads and writes.
@usableFromInline
struct SoftmaxStep {
  /// The inputs; the outputs where the gradient is computed.
  @usableFromInline let numbers: UnsafePointer<Float>
  @usableFromInline let gradient: UnsafePointer<Float>?
  @usableFromInline let result: UnsafeMutablePointer<Float>
  @usableFromInline let isLogarithmic: Bool

  @inlinable
  init(
    numbers: UnsafePointer<Float>, gradient: UnsafePointer<Float>?,
    result: UnsafeMutablePointer<Float>, isLogarithmic: Bool
  ) {
    self.numbers = numbers
    self.gradient = gradient
    self.result = result
    self.isLogarithmic = isLogarithmic
  }
}

extension KernelSet {
  /// Softmax along an axis, or its logarithm.
  @inlinable
  public static func softmax(
    _ input: Span<Float>, _ stretch: AxisStretch, isLogarithmic: Bool,
    into output: inout MutableSpan<Float>
  ) {
    precondition(
      input.count == stretch.elements && output.count == input.count, "softmax: lengths differ")
    input.withUnsafeBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        guard let input = input.baseAddress, let output = output.baseAddress else { return }
        Self.perform(
          stretch,
          SoftmaxStep(
            numbers: input, gradient: nil, result: output, isLogarithmic: isLogarithmic))
      }
    }
  }

  /// `dx = y (dy - Σ dy y)`; of the logarithm `dx = dy - exp(y) Σ dy`.
  @inlinable
  public static func softmaxGradient(
    _ outputGradient: Span<Float>, output: Span<Float>, _ stretch: AxisStretch,
    isLogarithmic: Bool, into inputGradient: inout MutableSpan<Float>
  ) {
    precondition(
      output.count == stretch.elements && outputGradient.count == output.count
        && inputGradient.count == output.count, "softmaxGradient: lengths differ")
    output.withUnsafeBufferPointer { output in
      outputGradient.withUnsafeBufferPointer { gradient in
        inputGradient.withUnsafeMutableBufferPointer { result in
          guard let output = output.baseAddress, let gradient = gradient.baseAddress,
            let result = result.baseAddress
          else { return }
          Self.perform(
            stretch,
            SoftmaxStep(
              numbers: output, gradient: gradient, result: result, isLogarithmic: isLogarithmic))
        }
      }
    }
  }

  @inlinable
  static func perform(_ stretch: AxisStretch, _ step: SoftmaxStep) {
    let width = stretch.inner == 1 ? 1 : Vector.width
    let strips = (stretch.inner + width - 1) / width
    let perTask = max(1, 16384 / max(1, stretch.count * min(width, stretch.inner)))
    ThreadPool.shared.parallelRuns(stretch.outer * strips, length: perTask) { run in
      for task in run {
        let (outer, strip) = task.quotientAndRemainder(dividingBy: strips)
        switch (stretch.inner == 1, step.gradient == nil) {
        case (true, true): Self.softmaxLine(outer * stretch.count, stretch.count, step)
        case (true, false): Self.softmaxLineGradient(outer * stretch.count, stretch.count, step)
        case (false, true): Self.softmaxStrip(outer, strip * width, stretch, step)
        case (false, false): Self.softmaxStripGradient(outer, strip * width, stretch, step)
        }
      }
    }
  }

  @inlinable
  static func softmaxLine(_ start: Int, _ count: Int, _ step: SoftmaxStep) {
    let numbers = step.numbers + start
    let result = step.result + start
    let largest = Vector(repeating: largestNumber(numbers, count))
    var lanes = Vector(repeating: 0)
    var rest: Float = 0
    var index = 0
    while index < count {
      let held = min(Vector.width, count - index)
      let x = loaded(numbers + index, held)
      let power = (x - largest).exponential() + (x - x)
      if !step.isLogarithmic { store(power, held, to: result + index) }
      if held == Vector.width { lanes = lanes + power } else { rest = laneSum(power, held) }
      index += Vector.width
    }
    let sum = Vector(repeating: lanes.sum() + rest)
    let inverse = Vector(repeating: 1) / sum
    let offset = largest + sum.logarithm()
    index = 0
    while index < count {
      let held = min(Vector.width, count - index)
      let value =
        step.isLogarithmic
        ? loaded(numbers + index, held) - offset : loaded(result + index, held) * inverse
      store(value, held, to: result + index)
      index += Vector.width
    }
  }

  /// The largest of some numbers; any of them where one is NaN.
  @inlinable @inline(__always)
  static func largestNumber(_ numbers: UnsafePointer<Float>, _ count: Int) -> Float {
    var largest = numbers[0]
    var index = 0
    if count >= Vector.width {
      var lanes = Vector.load(numbers)
      index = Vector.width
      while index + Vector.width <= count {
        let x = Vector.load(numbers + index)
        lanes = lanes.replaced(by: x, where: lanes, isLessThan: x)
        index += Vector.width
      }
      var parts = SIMD16<Float>()
      lanes.store(&parts)
      for lane in 0..<Vector.width where parts[lane] > largest { largest = parts[lane] }
    }
    while index < count {
      if numbers[index] > largest { largest = numbers[index] }
      index += 1
    }
    return largest
  }

  /// The sum of the first lanes, in order.
  @inlinable @inline(__always)
  static func laneSum(_ vector: Vector, _ count: Int) -> Float {
    var parts = SIMD16<Float>()
    vector.store(&parts)
    var sum: Float = 0
    for lane in 0..<count { sum += parts[lane] }
    return sum
  }

  @inlinable
  static func softmaxLineGradient(_ start: Int, _ count: Int, _ step: SoftmaxStep) {
    guard let gradient = step.gradient.map({ $0 + start }) else { return }
    let numbers = step.numbers + start
    var lanes = Vector(repeating: 0)
    var rest: Float = 0
    var index = 0
    while index < count {
      let held = min(Vector.width, count - index)
      let arriving = loaded(gradient + index, held)
      let term = step.isLogarithmic ? arriving : arriving * loaded(numbers + index, held)
      if held == Vector.width { lanes = lanes + term } else { rest = laneSum(term, held) }
      index += Vector.width
    }
    let sum = Vector(repeating: lanes.sum() + rest)
    index = 0
    while index < count {
      let held = min(Vector.width, count - index)
      let value = softmaxDerivative(
        loaded(gradient + index, held), loaded(numbers + index, held), sum, step.isLogarithmic)
      store(value, held, to: step.result + start + index)
      index += Vector.width
    }
  }

  @inlinable @inline(__always)
  static func softmaxDerivative(
    _ arriving: Vector, _ output: Vector, _ sum: Vector, _ isLogarithmic: Bool
  ) -> Vector {
    isLogarithmic ? arriving - output.exponential() * sum : output * (arriving - sum)
  }

  @inlinable
  static func softmaxStrip(
    _ outer: Int, _ inner: Int, _ stretch: AxisStretch, _ step: SoftmaxStep
  ) {
    let (count, stride) = (stretch.count, stretch.inner)
    let held = min(Vector.width, stride - inner)
    let start = outer * count * stride + inner
    let (numbers, result) = (step.numbers + start, step.result + start)
    var largest = loaded(numbers, held)
    for index in 1..<max(count, 1) {
      let x = loaded(numbers + index * stride, held)
      largest = largest.replaced(by: x, where: largest, isLessThan: x)
    }
    var sum = Vector(repeating: 0)
    for index in 0..<count {
      let x = loaded(numbers + index * stride, held)
      let power = (x - largest).exponential() + (x - x)
      sum = sum + power
      if !step.isLogarithmic { store(power, held, to: result + index * stride) }
    }
    let inverse = Vector(repeating: 1) / sum
    let offset = largest + sum.logarithm()
    for index in 0..<count {
      let place = index * stride
      let value =
        step.isLogarithmic
        ? loaded(numbers + place, held) - offset : loaded(result + place, held) * inverse
      store(value, held, to: result + place)
    }
  }

  @inlinable
  static func softmaxStripGradient(
    _ outer: Int, _ inner: Int, _ stretch: AxisStretch, _ step: SoftmaxStep
  ) {
    let (count, stride) = (stretch.count, stretch.inner)
    let held = min(Vector.width, stride - inner)
    let start = outer * count * stride + inner
    guard let gradient = step.gradient.map({ $0 + start }) else { return }
    let (numbers, result) = (step.numbers + start, step.result + start)
    var sum = Vector(repeating: 0)
    for index in 0..<count {
      let arriving = loaded(gradient + index * stride, held)
      let term =
        step.isLogarithmic ? arriving : arriving * loaded(numbers + index * stride, held)
      sum = sum + term
    }
    for index in 0..<count {
      let place = index * stride
      let value = softmaxDerivative(
        loaded(gradient + place, held), loaded(numbers + place, held), sum, step.isLogarithmic)
      store(value, held, to: result + place)
    }
  }
}
