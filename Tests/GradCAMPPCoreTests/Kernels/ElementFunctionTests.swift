import Glibc
import GradCAMPPKernelDispatch
import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

@Suite("Functions of one number, on every tier")
struct ElementFunctionTests {
  private static let tiers = KernelDispatch.all.filter { $0.isSupported }

  private func applied(
    _ function: ElementFunction, _ numbers: [Float], _ kernels: any KernelSet.Type
  ) -> [Float] {
    let output = GuardedNumbers(count: numbers.count, .last)
    GuardedNumbers(numbers, .last).read { input in
      output.write { kernels.apply(function, input, into: &$0) }
    }
    return output.values
  }

  private func derived(
    _ function: ElementFunction, _ numbers: [Float], _ kernels: any KernelSet.Type
  ) -> [Float] {
    let points = function.derivativeReadsOutput ? applied(function, numbers, kernels) : numbers
    let ones = [Float](repeating: 1, count: numbers.count)
    let result = GuardedNumbers(count: numbers.count, .first)
    GuardedNumbers(points, .first).read { points in
      GuardedNumbers(ones, .first).read { ones in
        result.write { kernels.applyDerivative(function, at: points, ones, into: &$0) }
      }
    }
    return result.values
  }

  /// The largest error over numbers, in units in the last place of the exact result.
  private func error(_ found: [Float], _ exact: [Double]) -> Double {
    zip(found, exact).reduce(0) { largest, pair in
      let (value, exact) = pair
      let rounded = Float(exact)
      // An overflow must be one.
      guard rounded.isFinite else { return value == rounded ? largest : .infinity }
      let units = abs(Double(value) - exact) / Double(rounded.ulp)
      return units <= largest ? largest : (units.isNaN ? .infinity : units)
    }
  }

  /// What the kernels promise, in units in the last place.
  static let bounds: [(ElementFunction, ClosedRange<Float>, Double)] = [
    (.exponential, -110...90, 3), (.exponential, -1...1, 3),
    (.exponentialLinear(scale: 1, alpha: 1, rate: 1), -100...(-1e-6), 4),
    (.exponentialLinear(scale: 1, alpha: 1, rate: 1), -1...(-1e-6), 4),
    (.logarithm, 1e-6...1e6, 3), (.logarithm, 0.5...2, 3),
    (.logarithm, Float.leastNonzeroMagnitude...1e-37, 3), (.logarithm, 1e30...3e38, 3),
    (.sigmoid, -80...80, 4), (.tanh, -12...12, 4),
    (.tanh, -0.7...0.7, 4), (.errorFunction, -5...5, 4), (.errorFunction, -1.1...1.1, 4),
    (.softplus, -20...20, 4), (.squareRoot, 0...1e6, 0.5), (.reciprocal, 1e-6...1e6, 0.5),
  ]

  @Test("a few units in the last place from Glibc in float64", arguments: bounds.indices)
  func accuracy(place: Int) {
    let (function, domain, bound) = Self.bounds[place]
    var random = RepeatableRandom(seed: UInt64(place))
    let numbers = (0..<40_003).map { _ in Float.random(in: domain, using: &random) }
    let exact = numbers.map { function.slow(Double($0)) }
    for kernels in Self.tiers {
      let found = error(applied(function, numbers, kernels), exact)
      #expect(found <= bound, "\(function) over \(domain) on \(kernels.name)")
    }
  }

  @Test("far from 0 as well, with their derivatives", arguments: ElementFunction.examples)
  func wide(function: ElementFunction) {
    var random = RepeatableRandom(seed: 5)
    let isPositive = function.domain.lowerBound > 0
    let numbers = (0..<20_001).map { _ in
      Float.random(in: isPositive ? 0.01...40 : -40...40, using: &random)
    }
    let values = numbers.map { function.slow(Double($0)) }
    let step = 1e-5
    let slopes = numbers.map { number in
      (function.slow(Double(number) + step) - function.slow(Double(number) - step)) / (2 * step)
    }
    for kernels in Self.tiers {
      let label = "\(function), \(kernels.name)"
      expectClose(
        applied(function, numbers, kernels), values, absolute: 1e-6, relative: 1e-6, label)
      expectClose(
        derived(function, numbers, kernels), slopes, absolute: 2e-5, relative: 2e-5,
        label + ", derivative")
    }
  }

  @Test("derivatives at edges are PyTorch's")
  func edges() {
    let expected: [(ElementFunction, Float, Float)] = [
      (.absoluteValue, 0, 0), (.boundedRectifier(upper: 6), 0, 0),
      (.boundedRectifier(upper: 6), 6, 0), (.clip(lower: -1, upper: 2), -1, 1),
      (.clip(lower: -1, upper: 2), 2, 1), (.leakyRectifier(slope: 0.25), 0, 0.25),
      (.exponentialLinear(scale: 1, alpha: 0.5, rate: 1), 0, 0.5),
      (.exponentialLinear(scale: 1, alpha: 2, rate: 0.5), 0, 1),
      (.hardSigmoid(alpha: 1 / 6, beta: 0.5), 3, 0),
      (.hardSigmoid(alpha: 1 / 6, beta: 0.5), -3, 0), (.hardSwish, -3, 0), (.hardSwish, 3, 1),
    ]
    for (function, point, slope) in expected {
      for kernels in Self.tiers {
        #expect(
          derived(function, [point], kernels) == [slope], "\(function) at \(point)")
      }
    }
  }

  @Test("what is not finite stays so, wherever it lies", arguments: ElementFunction.examples)
  func notFinite(function: ElementFunction) {
    for kernels in Self.tiers {
      for number in [Float.nan, .infinity, -.infinity] {
        for place in [0, 15, 16, 20] {
          var numbers = [Float](repeating: 0.75, count: 21)
          numbers[place] = number
          let found = applied(function, numbers, kernels)
          #expect(found.indices.allSatisfy { found[$0].isFinite == ($0 != place) })
        }
      }
    }
  }

  @Test("a number's result does not depend on its place", arguments: ElementFunction.examples)
  func places(function: ElementFunction) {
    var random = RepeatableRandom(seed: 6)
    let numbers = (0..<37).map { _ in Float.random(in: function.domain, using: &random) }
    for kernels in Self.tiers {
      let whole = applied(function, numbers, kernels)
      #expect(whole == numbers.map { applied(function, [$0], kernels)[0] })
    }
  }
}
