/// How the numbers along an axis become one, on vectors of numbers.
@usableFromInline
protocol ReductionFormula: Sendable {
  /// What the first number comes to; NaN for what is not finite and would not show otherwise.
  static func first<V: FloatVector>(_ x: V) -> V

  /// One more number.
  static func adding<V: FloatVector>(_ total: V, _ x: V) -> V

  /// What two parts come to together.
  static func merged<V: FloatVector>(_ a: V, _ b: V) -> V

  /// The result of so many numbers.
  static func finished<V: FloatVector>(_ total: V, count: Float) -> V

  /// What the gradient must know of all numbers beside the result: for each of them `(a, b)`,
  /// multiplied and added up.
  static func survey<V: FloatVector>(_ x: V, result: V) -> (factor: V, term: V)

  /// A gradient by a number.
  static func gradient<V: FloatVector>(
    _ gradient: V, _ x: V, result: V, product: V, sum: V, count: Float
  ) -> V
}

/// What the numbers along an axis become.
public enum ReductionFunction: Hashable, Sendable {
  /// Their sum.
  case sum
  /// Their mean.
  case mean
  /// The largest.
  case maximum
  /// The smallest.
  case minimum
  /// Their product.
  case product
  /// The sum of their magnitudes.
  case absoluteSum
  /// The root of the sum of their squares.
  case euclideanNorm
}

extension ReductionFormula {
  /// Nothing.
  @inlinable @inline(__always)
  static func survey<V: FloatVector>(_ x: V, result: V) -> (factor: V, term: V) {
    (V(repeating: 1), V(repeating: 0))
  }

  /// The total.
  @inlinable @inline(__always)
  static func finished<V: FloatVector>(_ total: V, count: Float) -> V { total }

  /// The sum.
  @inlinable @inline(__always)
  static func merged<V: FloatVector>(_ a: V, _ b: V) -> V { a + b }
}

/// `Σ x`.
@usableFromInline
enum SumOfNumbers: ReductionFormula {
  @inlinable @inline(__always)
  static func first<V: FloatVector>(_ x: V) -> V { x }

  @inlinable @inline(__always)
  static func adding<V: FloatVector>(_ total: V, _ x: V) -> V { total + x }

  @inlinable @inline(__always)
  static func gradient<V: FloatVector>(
    _ gradient: V, _ x: V, result: V, product: V, sum: V, count: Float
  ) -> V { gradient }
}

/// `Σ x / n`.
@usableFromInline
enum MeanOfNumbers: ReductionFormula {
  @inlinable @inline(__always)
  static func first<V: FloatVector>(_ x: V) -> V { x }

  @inlinable @inline(__always)
  static func adding<V: FloatVector>(_ total: V, _ x: V) -> V { total + x }

  @inlinable @inline(__always)
  static func finished<V: FloatVector>(_ total: V, count: Float) -> V {
    total / V(repeating: count)
  }

  @inlinable @inline(__always)
  static func gradient<V: FloatVector>(
    _ gradient: V, _ x: V, result: V, product: V, sum: V, count: Float
  ) -> V { gradient / V(repeating: count) }
}

/// `Σ |x|`; at 0 the derivative is 0, as in PyTorch.
@usableFromInline
enum SumOfMagnitudes: ReductionFormula {
  @inlinable @inline(__always)
  static func first<V: FloatVector>(_ x: V) -> V { x.magnitude() }

  @inlinable @inline(__always)
  static func adding<V: FloatVector>(_ total: V, _ x: V) -> V { total + x.magnitude() }

  @inlinable @inline(__always)
  static func gradient<V: FloatVector>(
    _ gradient: V, _ x: V, result: V, product: V, sum: V, count: Float
  ) -> V {
    let zero = V(repeating: 0)
    return zero.replaced(by: gradient, where: zero, isLessThan: x)
      .replaced(by: zero - gradient, where: x, isLessThan: zero)
  }
}

/// `sqrt(Σ x²)`; where all are 0 the derivative is 0, as in PyTorch.
@usableFromInline
enum RootOfSquares: ReductionFormula {
  @inlinable @inline(__always)
  static func first<V: FloatVector>(_ x: V) -> V { x * x }

  @inlinable @inline(__always)
  static func adding<V: FloatVector>(_ total: V, _ x: V) -> V { total.addingProduct(x, x) }

  @inlinable @inline(__always)
  static func finished<V: FloatVector>(_ total: V, count: Float) -> V { total.squareRoot() }

  @inlinable @inline(__always)
  static func gradient<V: FloatVector>(
    _ gradient: V, _ x: V, result: V, product: V, sum: V, count: Float
  ) -> V {
    let zero = V(repeating: 0)
    return zero.replaced(by: gradient * x / result, where: zero, isLessThan: result)
  }
}

/// `max x`; equal ones share the gradient, as in PyTorch's `amax`.
@usableFromInline
enum LargestNumber: ReductionFormula {
  @inlinable @inline(__always)
  static func first<V: FloatVector>(_ x: V) -> V { x + (x - x) }

  @inlinable @inline(__always)
  static func adding<V: FloatVector>(_ total: V, _ x: V) -> V { total.larger(x) }

  @inlinable @inline(__always)
  static func merged<V: FloatVector>(_ a: V, _ b: V) -> V { a.larger(b) }

  /// How many are the largest.
  @inlinable @inline(__always)
  static func survey<V: FloatVector>(_ x: V, result: V) -> (factor: V, term: V) {
    let (zero, one) = (V(repeating: 0), V(repeating: 1))
    return (
      one,
      one.replaced(by: zero, where: x, isLessThan: result)
        .replaced(by: zero, where: result, isLessThan: x)
    )
  }

  @inlinable @inline(__always)
  static func gradient<V: FloatVector>(
    _ gradient: V, _ x: V, result: V, product: V, sum: V, count: Float
  ) -> V { gradient * survey(x, result: result).term / sum }
}

/// `min x`, likewise.
@usableFromInline
enum SmallestNumber: ReductionFormula {
  @inlinable @inline(__always)
  static func first<V: FloatVector>(_ x: V) -> V { V(repeating: 0) - x + (x - x) }

  @inlinable @inline(__always)
  static func adding<V: FloatVector>(_ total: V, _ x: V) -> V {
    total.larger(V(repeating: 0) - x)
  }

  @inlinable @inline(__always)
  static func merged<V: FloatVector>(_ a: V, _ b: V) -> V { a.larger(b) }

  @inlinable @inline(__always)
  static func finished<V: FloatVector>(_ total: V, count: Float) -> V { V(repeating: 0) - total }

  @inlinable @inline(__always)
  static func survey<V: FloatVector>(_ x: V, result: V) -> (factor: V, term: V) {
    LargestNumber.survey(x, result: result)
  }

  @inlinable @inline(__always)
  static func gradient<V: FloatVector>(
    _ gradient: V, _ x: V, result: V, product: V, sum: V, count: Float
  ) -> V { gradient * survey(x, result: result).term / sum }
}

/// `Π x`, whose derivative is the product of the others: that of those that are not 0 where none of
/// the others is.
@usableFromInline
enum ProductOfNumbers: ReductionFormula {
  @inlinable @inline(__always)
  static func first<V: FloatVector>(_ x: V) -> V { x }

  @inlinable @inline(__always)
  static func adding<V: FloatVector>(_ total: V, _ x: V) -> V { total * x }

  @inlinable @inline(__always)
  static func merged<V: FloatVector>(_ a: V, _ b: V) -> V { a * b }

  /// The number, or 1 and a count for 0.
  @inlinable @inline(__always)
  static func survey<V: FloatVector>(_ x: V, result: V) -> (factor: V, term: V) {
    let zero = V(repeating: 0)
    let isZero = LargestNumber.survey(x, result: zero).term
    return (x + isZero, isZero)
  }

  @inlinable @inline(__always)
  static func gradient<V: FloatVector>(
    _ gradient: V, _ x: V, result: V, product: V, sum: V, count: Float
  ) -> V {
    let own = survey(x, result: result)
    // Zeros among the others.
    let others = sum - own.term
    return (gradient * product / own.factor)
      .replaced(by: V(repeating: 0), where: V(repeating: 0.5), isLessThan: others)
  }
}
