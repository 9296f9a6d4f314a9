/// A function of two numbers and its derivatives, on vectors of numbers.
@usableFromInline
protocol ArithmeticFormula: Sendable {
  /// The function.
  static func value<V: FloatVector>(_ a: V, _ b: V) -> V

  /// A gradient by the first number.
  static func left<V: FloatVector>(_ gradient: V, _ a: V, _ b: V) -> V

  /// A gradient by the second.
  static func right<V: FloatVector>(_ gradient: V, _ a: V, _ b: V) -> V
}

/// What two tensors are combined by.
public enum ArithmeticFunction: Hashable, Sendable {
  /// `a + b`.
  case add
  /// `a - b`.
  case subtract
  /// `a b`.
  case multiply
  /// `a / b`.
  case divide
  /// The smaller.
  case minimum
  /// The larger.
  case maximum
  /// `a^b`; NaN for a below 0.
  case power
}

/// `a + b`.
@usableFromInline
enum Sum: ArithmeticFormula {
  @inlinable @inline(__always)
  static func value<V: FloatVector>(_ a: V, _ b: V) -> V { a + b }

  @inlinable @inline(__always)
  static func left<V: FloatVector>(_ gradient: V, _ a: V, _ b: V) -> V { gradient }

  @inlinable @inline(__always)
  static func right<V: FloatVector>(_ gradient: V, _ a: V, _ b: V) -> V { gradient }
}

/// `a - b`.
@usableFromInline
enum Difference: ArithmeticFormula {
  @inlinable @inline(__always)
  static func value<V: FloatVector>(_ a: V, _ b: V) -> V { a - b }

  @inlinable @inline(__always)
  static func left<V: FloatVector>(_ gradient: V, _ a: V, _ b: V) -> V { gradient }

  @inlinable @inline(__always)
  static func right<V: FloatVector>(_ gradient: V, _ a: V, _ b: V) -> V {
    V(repeating: 0) - gradient
  }
}

/// `a b`.
@usableFromInline
enum Product: ArithmeticFormula {
  @inlinable @inline(__always)
  static func value<V: FloatVector>(_ a: V, _ b: V) -> V { a * b }

  @inlinable @inline(__always)
  static func left<V: FloatVector>(_ gradient: V, _ a: V, _ b: V) -> V { gradient * b }

  @inlinable @inline(__always)
  static func right<V: FloatVector>(_ gradient: V, _ a: V, _ b: V) -> V { gradient * a }
}

/// `a / b`.
@usableFromInline
enum Quotient: ArithmeticFormula {
  @inlinable @inline(__always)
  static func value<V: FloatVector>(_ a: V, _ b: V) -> V { a / b }

  @inlinable @inline(__always)
  static func left<V: FloatVector>(_ gradient: V, _ a: V, _ b: V) -> V { gradient / b }

  @inlinable @inline(__always)
  static func right<V: FloatVector>(_ gradient: V, _ a: V, _ b: V) -> V {
    V(repeating: 0) - gradient * a / (b * b)
  }
}

/// The smaller number; of equal ones each gets half the gradient, as in PyTorch.
@usableFromInline
enum Minimum: ArithmeticFormula {
  @inlinable @inline(__always)
  static func value<V: FloatVector>(_ a: V, _ b: V) -> V {
    b.replaced(by: a, where: a, isLessThan: b)
  }

  @inlinable @inline(__always)
  static func left<V: FloatVector>(_ gradient: V, _ a: V, _ b: V) -> V {
    Maximum.left(gradient, b, a)
  }

  @inlinable @inline(__always)
  static func right<V: FloatVector>(_ gradient: V, _ a: V, _ b: V) -> V {
    Maximum.left(gradient, a, b)
  }
}

/// The larger number; of equal ones each gets half the gradient, as in PyTorch.
@usableFromInline
enum Maximum: ArithmeticFormula {
  @inlinable @inline(__always)
  static func value<V: FloatVector>(_ a: V, _ b: V) -> V {
    b.replaced(by: a, where: b, isLessThan: a)
  }

  @inlinable @inline(__always)
  static func left<V: FloatVector>(_ gradient: V, _ a: V, _ b: V) -> V {
    let half = gradient * V(repeating: 0.5)
    return half.replaced(by: gradient, where: b, isLessThan: a)
      .replaced(by: V(repeating: 0), where: a, isLessThan: b)
  }

  @inlinable @inline(__always)
  static func right<V: FloatVector>(_ gradient: V, _ a: V, _ b: V) -> V { left(gradient, b, a) }
}

/// `a^b = exp(b log a)`, NaN for a below 0.
///
/// Where a is 0 the gradient by b is 0, as in PyTorch.
@usableFromInline
enum PowerOfTwoNumbers: ArithmeticFormula {
  @inlinable @inline(__always)
  static func value<V: FloatVector>(_ a: V, _ b: V) -> V { (b * a.logarithm()).exponential() }

  @inlinable @inline(__always)
  static func left<V: FloatVector>(_ gradient: V, _ a: V, _ b: V) -> V {
    gradient * b * value(a, b - V(repeating: 1))
  }

  @inlinable @inline(__always)
  static func right<V: FloatVector>(_ gradient: V, _ a: V, _ b: V) -> V {
    let found = gradient * value(a, b) * a.logarithm()
    return found.replaced(
      by: V(repeating: 0), where: a.magnitude(),
      isLessThan: V(repeating: .leastNonzeroMagnitude))
  }
}
