import Glibc
import GradCAMPPKernels

extension ElementFunction {
  /// One of each; parameters that are no defaults.
  static let examples: [ElementFunction] = [
    .absoluteValue, .boundedRectifier(upper: 0.6), .boundedRectifier(upper: 6),
    .clip(lower: -0.4, upper: 0.6), .clip(lower: -.infinity, upper: 0.2), .errorFunction,
    .exponential,
    .exponentialLinear(scale: 1, alpha: 1, rate: 1),
    .exponentialLinear(scale: 1.050_701, alpha: 1.673_263_2, rate: 1),
    .exponentialLinear(scale: 1, alpha: 2.5, rate: 0.4), .gelu, .geluByTanh,
    .hardSigmoid(alpha: 1 / 6, beta: 0.5), .hardSwish, .leakyRectifier(slope: 0.1), .logarithm,
    .mish, .power(2), .power(-3), .power(0.7),
    .reciprocal, .sigmoid, .silu(factor: 1), .silu(factor: 1.702), .softplus, .squareRoot,
    .tanh,
  ]

  /// The function by its definition, in float64.
  func slow(_ x: Double) -> Double {
    switch self {
    case .absoluteValue: abs(x)
    case .boundedRectifier(let upper): min(max(x, 0), Double(upper))
    case .clip(let lower, let upper): min(max(x, Double(lower)), Double(upper))
    case .errorFunction: erf(x)
    case .exponential: exp(x)
    case .exponentialLinear(let scale, let alpha, let rate):
      Double(scale) * (x > 0 ? x : Double(alpha) * expm1(Double(rate) * x))
    case .gelu: x * erfc(-x / 2.0.squareRoot()) / 2
    case .geluByTanh:
      x / 2 * (1 + Glibc.tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
    case .hardSigmoid(let alpha, let beta): min(max(Double(alpha) * x + Double(beta), 0), 1)
    case .hardSwish: x * min(max(x + 3, 0), 6) / 6
    case .leakyRectifier(let slope): x > 0 ? x : Double(slope) * x
    case .logarithm: log(x)
    case .mish: x * Glibc.tanh(log1p(exp(x)))
    case .power(let power): pow(x, Double(power))
    case .reciprocal: 1 / x
    case .sigmoid: 1 / (1 + exp(-x))
    case .silu(let factor): x / (1 + exp(-Double(factor) * x))
    case .softplus: x > 30 ? x : log1p(exp(x))
    case .squareRoot: x.squareRoot()
    case .tanh: Glibc.tanh(x)
    }
  }

  /// Where it has a derivative.
  var domain: ClosedRange<Float> {
    switch self {
    case .logarithm, .reciprocal, .squareRoot: 0.5...2
    case .power(let power): power == 2 ? -5...5 : 0.5...2
    case .clip, .boundedRectifier, .exponential: -1...1
    default: -5...5
    }
  }
}
