// The numbers along an axis become one. Where other axes are inside of it, lanes are their elements;
// where it is the innermost, lanes are every so-manieth number of it, put together in order at the
// end. A task is about 16384 elements and a whole number of results, each computed in one order.

/// Where a reduction, or its gradient, reads and writes.
@usableFromInline
struct ReductionStep {
  @usableFromInline let input: UnsafePointer<Float>
  /// The results; nil where they are computed.
  @usableFromInline let output: UnsafePointer<Float>?
  @usableFromInline let gradient: UnsafePointer<Float>?
  @usableFromInline let result: UnsafeMutablePointer<Float>

  @inlinable
  init(
    input: UnsafePointer<Float>, output: UnsafePointer<Float>?, gradient: UnsafePointer<Float>?,
    result: UnsafeMutablePointer<Float>
  ) {
    self.input = input
    self.output = output
    self.gradient = gradient
    self.result = result
  }
}

extension KernelSet {
  /// `output[o, i] = function(input[o, :, i])`.
  @inlinable
  public static func reduce(
    _ function: ReductionFunction, _ input: Span<Float>, _ stretch: AxisStretch,
    into output: inout MutableSpan<Float>
  ) {
    precondition(
      input.count == stretch.elements && output.count == stretch.cells && stretch.count > 0,
      "reduce: lengths do not fit")
    input.withUnsafeBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        guard let input = input.baseAddress, let output = output.baseAddress else { return }
        let step = ReductionStep(input: input, output: nil, gradient: nil, result: output)
        Self.perform(function, stretch, step)
      }
    }
  }

  /// `inputGradient[o, k, i] = outputGradient[o, i] ∂output[o, i] / ∂input[o, k, i]`.
  ///
  /// Sums and means read neither input nor output: those may be empty.
  @inlinable
  public static func reduceGradient(
    _ function: ReductionFunction, _ outputGradient: Span<Float>, input: Span<Float>,
    output: Span<Float>, _ stretch: AxisStretch, into inputGradient: inout MutableSpan<Float>
  ) {
    let isLinear = function == .sum || function == .mean
    precondition(
      outputGradient.count == stretch.cells && inputGradient.count == stretch.elements
        && (isLinear || (input.count == stretch.elements && output.count == stretch.cells)),
      "reduceGradient: lengths do not fit")
    input.withUnsafeBufferPointer { input in
      output.withUnsafeBufferPointer { output in
        outputGradient.withUnsafeBufferPointer { gradient in
          inputGradient.withUnsafeMutableBufferPointer { result in
            guard let gradient = gradient.baseAddress, let result = result.baseAddress else {
              return
            }
            // What is not there is not read for its value.
            let step = ReductionStep(
              input: isLinear ? UnsafePointer(result) : input.baseAddress ?? gradient,
              output: isLinear ? gradient : output.baseAddress ?? gradient, gradient: gradient,
              result: result)
            Self.perform(function, stretch, step)
          }
        }
      }
    }
  }

  @inlinable
  static func perform(
    _ function: ReductionFunction, _ stretch: AxisStretch, _ step: ReductionStep
  ) {
    switch function {
    case .sum: perform(SumOfNumbers.self, stretch, step)
    case .mean: perform(MeanOfNumbers.self, stretch, step)
    case .maximum: perform(LargestNumber.self, stretch, step)
    case .minimum: perform(SmallestNumber.self, stretch, step)
    case .product: perform(ProductOfNumbers.self, stretch, step)
    case .absoluteSum: perform(SumOfMagnitudes.self, stretch, step)
    case .euclideanNorm: perform(RootOfSquares.self, stretch, step)
    }
  }

  @inlinable
  static func perform<Formula: ReductionFormula>(
    _ formula: Formula.Type, _ stretch: AxisStretch, _ step: ReductionStep
  ) {
    let width = stretch.inner == 1 ? 1 : Vector.width
    let strips = (stretch.inner + width - 1) / width
    let perTask = max(1, 16384 / (stretch.count * min(width, stretch.inner)))
    ThreadPool.shared.parallelRuns(stretch.outer * strips, length: perTask) { run in
      for task in run {
        let (outer, strip) = task.quotientAndRemainder(dividingBy: strips)
        if stretch.inner > 1 {
          Self.reduceStrip(formula, outer, strip * width, stretch, step)
        } else if step.gradient == nil {
          Self.reduceLine(formula, outer, stretch.count, step)
        } else {
          Self.spreadLine(formula, outer, stretch.count, step)
        }
      }
    }
  }

  /// A register of inner elements: their results, or the gradients by all numbers behind them.
  @inlinable
  static func reduceStrip<Formula: ReductionFormula>(
    _ formula: Formula.Type, _ outer: Int, _ inner: Int, _ stretch: AxisStretch,
    _ step: ReductionStep
  ) {
    let lanes = min(Vector.width, stretch.inner - inner)
    let first = outer * stretch.count * stretch.inner + inner
    let cell = outer * stretch.inner + inner
    let count = Float(stretch.count)
    guard let gradient = step.gradient, let output = step.output else {
      var total = Formula.first(loaded(step.input + first, lanes))
      for index in 1..<max(stretch.count, 1) {
        total = Formula.adding(total, loaded(step.input + first + index * stretch.inner, lanes))
      }
      return store(Formula.finished(total, count: count), lanes, to: step.result + cell)
    }
    let arriving = loaded(gradient + cell, lanes)
    let result = loaded(output + cell, lanes)
    var product = Vector(repeating: 1)
    var sum = Vector(repeating: 0)
    for index in 0..<stretch.count {
      let x = loaded(step.input + first + index * stretch.inner, lanes)
      let found = Formula.survey(x, result: result)
      product = product * found.factor
      sum = sum + found.term
    }
    for index in 0..<stretch.count {
      let place = first + index * stretch.inner
      store(
        Formula.gradient(
          arriving, loaded(step.input + place, lanes), result: result, product: product, sum: sum,
          count: count), lanes, to: step.result + place)
    }
  }

  /// The result of a line of numbers.
  @inlinable
  static func reduceLine<Formula: ReductionFormula>(
    _ formula: Formula.Type, _ line: Int, _ count: Int, _ step: ReductionStep
  ) {
    let numbers = step.input + line * count
    var index = 0
    var total = Formula.first(Vector(repeating: numbers[0]))
    if count >= Vector.width {
      var lanes = Formula.first(Vector.load(numbers))
      index = Vector.width
      while index + Vector.width <= count {
        lanes = Formula.adding(lanes, .load(numbers + index))
        index += Vector.width
      }
      var parts = SIMD16<Float>()
      lanes.store(&parts)
      total = Vector(repeating: parts[0])
      for lane in 1..<Vector.width {
        total = Formula.merged(total, Vector(repeating: parts[lane]))
      }
    } else {
      index = 1
    }
    while index < count {
      total = Formula.adding(total, Vector(repeating: numbers[index]))
      index += 1
    }
    store(Formula.finished(total, count: Float(count)), 1, to: step.result + line)
  }

  /// The gradients by a line of numbers.
  @inlinable
  static func spreadLine<Formula: ReductionFormula>(
    _ formula: Formula.Type, _ line: Int, _ count: Int, _ step: ReductionStep
  ) {
    guard let gradient = step.gradient, let output = step.output else { return }
    let numbers = step.input + line * count
    let arriving = Vector(repeating: gradient[line])
    let result = Vector(repeating: output[line])
    var product = Vector(repeating: 1)
    var sum = Vector(repeating: 0)
    // One after the other: of most functions nothing remains of this loop.
    for index in 0..<count {
      let found = Formula.survey(Vector(repeating: numbers[index]), result: result)
      product = product * found.factor
      sum = sum + found.term
    }
    var index = 0
    while index < count {
      let lanes = min(Vector.width, count - index)
      store(
        Formula.gradient(
          arriving, loaded(numbers + index, lanes), result: result, product: product, sum: sum,
          count: Float(count)), lanes, to: step.result + line * count + index)
      index += Vector.width
    }
  }
}
