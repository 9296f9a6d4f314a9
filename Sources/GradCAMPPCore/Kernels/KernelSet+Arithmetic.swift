// Two tensors combined element by element, where axes of extent 1 are spread over the other's.
// The innermost axis of `BroadcastAxes` is a run of elements that both operands have, or over which
// one of them is a single number. Bound by memory. Gradients of an operand that is spread are sums,
// each computed by one task in one order: over the spread axes, outermost first. Tasks are made of
// about 16384 elements.

/// Where a loop over two operands reads and writes.
@usableFromInline
struct ArithmeticStep {
  @usableFromInline let left: UnsafePointer<Float>
  @usableFromInline let right: UnsafePointer<Float>
  /// The gradient by the result; nil where the function itself is computed.
  @usableFromInline let gradient: UnsafePointer<Float>?
  @usableFromInline let result: UnsafeMutablePointer<Float>
  /// 0 for an operand that is not there, of which one number stands for all.
  @usableFromInline let leftScale: Int
  @usableFromInline let rightScale: Int

  @inlinable
  init(
    left: UnsafePointer<Float>, right: UnsafePointer<Float>, gradient: UnsafePointer<Float>?,
    result: UnsafeMutablePointer<Float>, leftScale: Int = 1, rightScale: Int = 1
  ) {
    self.left = left
    self.right = right
    self.gradient = gradient
    self.result = result
    self.leftScale = leftScale
    self.rightScale = rightScale
  }
}

extension KernelSet {
  /// `output = function(left, right)`; NaN where an operand is not finite.
  @inlinable
  public static func combine(
    _ function: ArithmeticFunction, _ left: Span<Float>, _ right: Span<Float>,
    _ axes: BroadcastAxes, into output: inout MutableSpan<Float>
  ) {
    precondition(output.count == axes.count, "combine: lengths do not fit the axes")
    left.withUnsafeBufferPointer { left in
      right.withUnsafeBufferPointer { right in
        output.withUnsafeMutableBufferPointer { output in
          guard let left = left.baseAddress, let right = right.baseAddress,
            let result = output.baseAddress
          else { return }
          let step = ArithmeticStep(left: left, right: right, gradient: nil, result: result)
          switch function {
          case .add: Self.combine(Sum.self, axes, step)
          case .subtract: Self.combine(Difference.self, axes, step)
          case .multiply: Self.combine(Product.self, axes, step)
          case .divide: Self.combine(Quotient.self, axes, step)
          case .minimum: Self.combine(Minimum.self, axes, step)
          case .maximum: Self.combine(Maximum.self, axes, step)
          case .power: Self.combine(PowerOfTwoNumbers.self, axes, step)
          }
        }
      }
    }
  }

  @inlinable
  static func combine<Formula: ArithmeticFormula>(
    _ formula: Formula.Type, _ axes: BroadcastAxes, _ step: ArithmeticStep
  ) {
    let (inner, outer) = (axes.inner, axes.outer)
    let part = min(inner.extent, 16384)
    let parts = (inner.extent + part - 1) / part
    let rows = outer.places
    ThreadPool.shared.parallelRuns(rows * parts, length: max(1, 16384 / part)) { run in
      for task in run {
        let (row, place) = task.quotientAndRemainder(dividingBy: parts)
        let range = place * part..<min(inner.extent, (place + 1) * part)
        Self.combine(formula, row, range, inner, outer, step)
      }
    }
  }

  /// A part of one row of the innermost axis.
  @inlinable
  static func combine<Formula: ArithmeticFormula>(
    _ formula: Formula.Type, _ row: Int, _ range: Range<Int>, _ inner: BroadcastAxes.Axis,
    _ outer: BroadcastAxisList, _ step: ArithmeticStep
  ) {
    let offsets = outer.offsets(row)
    let (left, right) = (step.left + offsets.left, step.right + offsets.right)
    let result = step.result + offsets.result
    var index = range.lowerBound
    while index < range.upperBound {
      let count = min(Vector.width, range.upperBound - index)
      let a = operand(left, index * inner.left, inner.left, count)
      let b = operand(right, index * inner.right, inner.right, count)
      // 0, or NaN for what is not finite, which would not always show in the value.
      store(Formula.value(a, b) + (a - a) + (b - b), count, to: result + index)
      index += Vector.width
    }
  }

  /// Numbers of an operand, or the one that stands for all.
  @inlinable @inline(__always)
  static func operand(
    _ address: UnsafePointer<Float>, _ index: Int, _ stride: Int, _ count: Int
  ) -> Vector {
    stride == 0 ? Vector(repeating: address[0]) : loaded(address + index, count)
  }

  /// The gradient by the left or right operand; the operands that the derivative reads are there,
  /// others may be empty.
  @inlinable
  public static func combineGradient(
    _ function: ArithmeticFunction, isLeft: Bool, _ outputGradient: Span<Float>,
    _ left: Span<Float>, _ right: Span<Float>, _ axes: BroadcastAxes,
    into inputGradient: inout MutableSpan<Float>
  ) {
    precondition(outputGradient.count == axes.count, "combineGradient: lengths do not fit the axes")
    outputGradient.withUnsafeBufferPointer { gradient in
      left.withUnsafeBufferPointer { left in
        right.withUnsafeBufferPointer { right in
          inputGradient.withUnsafeMutableBufferPointer { result in
            guard let gradient = gradient.baseAddress, let result = result.baseAddress else {
              return
            }
            let step = ArithmeticStep(
              left: left.isEmpty ? gradient : left.baseAddress ?? gradient,
              right: right.isEmpty ? gradient : right.baseAddress ?? gradient,
              gradient: gradient, result: result, leftScale: left.isEmpty ? 0 : 1,
              rightScale: right.isEmpty ? 0 : 1)
            let sum = isLeft ? axes.leftSum : axes.rightSum
            switch function {
            case .add: Self.spread(Sum.self, isLeft, sum, step)
            case .subtract: Self.spread(Difference.self, isLeft, sum, step)
            case .multiply: Self.spread(Product.self, isLeft, sum, step)
            case .divide: Self.spread(Quotient.self, isLeft, sum, step)
            case .minimum: Self.spread(Minimum.self, isLeft, sum, step)
            case .maximum: Self.spread(Maximum.self, isLeft, sum, step)
            case .power: Self.spread(PowerOfTwoNumbers.self, isLeft, sum, step)
            }
          }
        }
      }
    }
  }

  @inlinable
  static func spread<Formula: ArithmeticFormula>(
    _ formula: Formula.Type, _ isLeft: Bool, _ sum: BroadcastSum, _ step: ArithmeticStep
  ) {
    let terms = sum.summed.places
    let extent = sum.inner.extent
    // Parts of a row of the operand: short ones where many terms are added.
    let part = sum.isInnerKept ? min(extent, terms == 1 ? 16384 : 64) : extent
    let parts = (extent + part - 1) / part
    let rows = sum.kept.places
    let length = max(1, 16384 / max(1, part * terms))
    ThreadPool.shared.parallelRuns(rows * parts, length: length) { run in
      for task in run {
        let (row, place) = task.quotientAndRemainder(dividingBy: parts)
        let range = place * part..<min(extent, (place + 1) * part)
        if sum.isInnerKept {
          Self.spreadRow(formula, isLeft, row, range, terms, sum, step)
        } else {
          Self.spreadNumber(formula, isLeft, row, terms, sum, step)
        }
      }
    }
  }

  /// One vector of terms.
  @inlinable @inline(__always)
  static func term<Formula: ArithmeticFormula>(
    _ formula: Formula.Type, _ isLeft: Bool, _ index: Int, _ count: Int,
    _ offsets: (left: Int, right: Int, result: Int), _ inner: BroadcastAxes.Axis,
    _ step: ArithmeticStep
  ) -> Vector {
    let (leftStride, rightStride) = (inner.left * step.leftScale, inner.right * step.rightScale)
    let a = operand(
      step.left + offsets.left * step.leftScale, index * leftStride, leftStride, count)
    let b = operand(
      step.right + offsets.right * step.rightScale, index * rightStride, rightStride, count)
    guard let gradient = step.gradient else { return Vector(repeating: 0) }
    let arriving = loaded(gradient + offsets.result + index, count)
    return isLeft ? Formula.left(arriving, a, b) : Formula.right(arriving, a, b)
  }

  /// A part of a row of an operand that has the innermost axis.
  @inlinable
  static func spreadRow<Formula: ArithmeticFormula>(
    _ formula: Formula.Type, _ isLeft: Bool, _ row: Int, _ range: Range<Int>, _ terms: Int,
    _ sum: BroadcastSum, _ step: ArithmeticStep
  ) {
    let start = sum.kept.offsets(row)
    let result = step.result + (isLeft ? start.left : start.right)
    for place in 0..<terms {
      let summed = sum.summed.offsets(place)
      let offsets = (
        left: start.left + summed.left, right: start.right + summed.right,
        result: start.result + summed.result
      )
      var index = range.lowerBound
      while index < range.upperBound {
        let count = min(Vector.width, range.upperBound - index)
        let found = term(formula, isLeft, index, count, offsets, sum.inner, step)
        store(
          place == 0 ? found : loaded(result + index, count) + found, count, to: result + index)
        index += Vector.width
      }
    }
  }

  /// One number of an operand that is spread over the innermost axis.
  @inlinable
  static func spreadNumber<Formula: ArithmeticFormula>(
    _ formula: Formula.Type, _ isLeft: Bool, _ row: Int, _ terms: Int, _ sum: BroadcastSum,
    _ step: ArithmeticStep
  ) {
    let start = sum.kept.offsets(row)
    let extent = sum.inner.extent
    var total = Vector(repeating: 0)
    var rest: Float = 0
    for place in 0..<terms {
      let summed = sum.summed.offsets(place)
      let offsets = (
        left: start.left + summed.left, right: start.right + summed.right,
        result: start.result + summed.result
      )
      var index = 0
      while index < extent {
        let count = min(Vector.width, extent - index)
        let found = term(formula, isLeft, index, count, offsets, sum.inner, step)
        if count == Vector.width {
          total = total + found
        } else {
          var numbers = SIMD16<Float>()
          found.store(&numbers)
          for lane in 0..<count { rest += numbers[lane] }
        }
        index += Vector.width
      }
    }
    step.result[isLeft ? start.left : start.right] = total.sum() + rest
  }
}
