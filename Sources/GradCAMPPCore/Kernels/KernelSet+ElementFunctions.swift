// Functions of one number. One loop serves all of them and is compiled once more for each formula,
// whose body it takes in; the rest of a run that fills no register is computed in one as well, so
// that a number's result does not depend on its place. A task is a run of 16384 elements.

/// Where a loop over elements reads and writes.
@usableFromInline
struct ElementStep {
  /// What the function, or its derivative, is taken at.
  @usableFromInline let numbers: UnsafePointer<Float>
  /// What a derivative is multiplied by; nil for the function itself.
  @usableFromInline let gradient: UnsafePointer<Float>?
  /// Where the result is written.
  @usableFromInline let result: UnsafeMutablePointer<Float>

  @inlinable
  init(
    numbers: UnsafePointer<Float>, gradient: UnsafePointer<Float>?,
    result: UnsafeMutablePointer<Float>
  ) {
    self.numbers = numbers
    self.gradient = gradient
    self.result = result
  }
}

extension KernelSet {
  /// `output = function(input)`; NaN where the input is not finite.
  @inlinable
  public static func apply(
    _ function: ElementFunction, _ input: Span<Float>, into output: inout MutableSpan<Float>
  ) {
    precondition(input.count == output.count, "apply: lengths differ")
    input.withUnsafeBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        guard let numbers = input.baseAddress, let result = output.baseAddress else { return }
        let step = ElementStep(numbers: numbers, gradient: nil, result: result)
        ThreadPool.shared.parallelRuns(input.count) { Self.perform(function, $0, step) }
      }
    }
  }

  /// `inputGradient = outputGradient function'`, at the outputs where the function's derivative
  /// reads those, else at the inputs.
  @inlinable
  public static func applyDerivative(
    _ function: ElementFunction, at numbers: Span<Float>, _ outputGradient: Span<Float>,
    into inputGradient: inout MutableSpan<Float>
  ) {
    precondition(
      numbers.count == outputGradient.count && numbers.count == inputGradient.count,
      "applyDerivative: lengths differ")
    numbers.withUnsafeBufferPointer { numbers in
      outputGradient.withUnsafeBufferPointer { gradient in
        inputGradient.withUnsafeMutableBufferPointer { result in
          guard let first = numbers.baseAddress, let gradient = gradient.baseAddress,
            let result = result.baseAddress
          else { return }
          let step = ElementStep(numbers: first, gradient: gradient, result: result)
          ThreadPool.shared.parallelRuns(numbers.count) { Self.perform(function, $0, step) }
        }
      }
    }
  }

  /// Chooses the loop of a function.
  @inlinable
  static func perform(_ function: ElementFunction, _ run: Range<Int>, _ step: ElementStep) {
    switch function {
    case .absoluteValue: perform(AbsoluteValue(), run, step)
    case .boundedRectifier(let upper): perform(BoundedRectifier(upper: upper), run, step)
    case .clip(let lower, let upper): perform(Clip(lower: lower, upper: upper), run, step)
    case .errorFunction: perform(ErrorFunction(), run, step)
    case .exponential: perform(Exponential(), run, step)
    case .exponentialLinear(let scale, let alpha, let rate):
      perform(ExponentialLinear(scale: scale, alpha: alpha, rate: rate), run, step)
    case .gelu: perform(GELU(), run, step)
    case .geluByTanh: perform(GELUByTanh(), run, step)
    case .hardSigmoid(let alpha, let beta):
      perform(HardSigmoid(alpha: alpha, beta: beta), run, step)
    case .hardSwish: perform(HardSwish(), run, step)
    case .leakyRectifier(let slope): perform(LeakyRectifier(slope: slope), run, step)
    case .logarithm: perform(Logarithm(), run, step)
    case .mish: perform(Mish(), run, step)
    case .power(let power): perform(Power(power: power), run, step)
    case .reciprocal: perform(Reciprocal(), run, step)
    case .sigmoid: perform(Sigmoid(), run, step)
    case .silu(let factor): perform(SiLU(factor: factor), run, step)
    case .softplus: perform(Softplus(), run, step)
    case .squareRoot: perform(SquareRoot(), run, step)
    case .tanh: perform(Tanh(), run, step)
    }
  }

  /// The loop.
  @inlinable
  static func perform(_ formula: some ElementFormula, _ run: Range<Int>, _ step: ElementStep) {
    let width = Vector.width
    var index = run.lowerBound
    while index < run.upperBound {
      let count = min(width, run.upperBound - index)
      let numbers = loaded(step.numbers + index, count)
      if let gradient = step.gradient {
        let factors = formula.derivative(numbers)
        store(loaded(gradient + index, count) * factors, count, to: step.result + index)
      } else {
        // 0, or NaN for what is not finite, which would not always show in the value.
        store(formula.value(numbers) + (numbers - numbers), count, to: step.result + index)
      }
      index += width
    }
  }

  /// `count` numbers, followed by ones where that is less than a register.
  @inlinable @inline(__always)
  static func loaded(_ address: UnsafePointer<Float>, _ count: Int) -> Vector {
    guard count < Vector.width else { return .load(address) }
    var numbers = SIMD16<Float>(repeating: 1)
    for index in 0..<count { numbers[index] = address[index] }
    return .load(&numbers)
  }

  /// Stores the first `count` numbers.
  @inlinable @inline(__always)
  static func store(_ vector: Vector, _ count: Int, to address: UnsafeMutablePointer<Float>) {
    guard count < Vector.width else { return vector.store(address) }
    var numbers = SIMD16<Float>()
    vector.store(&numbers)
    for index in 0..<count { address[index] = numbers[index] }
  }
}
