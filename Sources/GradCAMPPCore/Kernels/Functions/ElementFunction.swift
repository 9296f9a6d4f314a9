/// A function that is applied to each number by itself; each has a file in this folder.
public enum ElementFunction: Hashable, Sendable {
  /// `|x|`.
  case absoluteValue
  /// `min(max(x, 0), upper)`: ReLU6.
  case boundedRectifier(upper: Float)
  /// `min(max(x, lower), upper)`.
  case clip(lower: Float, upper: Float)
  /// `erf(x)`.
  case errorFunction
  /// `exp(x)`.
  case exponential
  /// `scale x` above 0, `scale alpha (exp(rate x) - 1)` up to it: ELU, SELU, CELU.
  case exponentialLinear(scale: Float, alpha: Float, rate: Float)
  /// `x / 2 (1 + erf(x / sqrt(2)))`.
  case gelu
  /// Its approximation by tanh.
  case geluByTanh
  /// `min(max(alpha x + beta, 0), 1)`.
  case hardSigmoid(alpha: Float, beta: Float)
  /// `x min(max(x + 3, 0), 6) / 6`.
  case hardSwish
  /// `x` above 0, `slope x` below.
  case leakyRectifier(slope: Float)
  /// `log(x)`.
  case logarithm
  /// `x tanh(log(1 + exp(x)))`.
  case mish
  /// `x^exponent`.
  case power(Float)
  /// `1 / x`.
  case reciprocal
  /// `1 / (1 + exp(-x))`.
  case sigmoid
  /// `x sigmoid(factor x)`.
  case silu(factor: Float)
  /// `log(1 + exp(x))`.
  case softplus
  /// `sqrt(x)`.
  case squareRoot
  /// `tanh(x)`.
  case tanh

  /// Whether the derivative is computed from the output, and not from the input.
  public var derivativeReadsOutput: Bool {
    switch self {
    case .boundedRectifier, .exponential, .reciprocal, .sigmoid, .squareRoot, .tanh: true
    default: false
    }
  }
}
