import Glibc
import GradCAMPPKernels

/// One class and the network's opinion of it.
public struct Prediction: Sendable, Equatable {
  /// The class, counted from 0.
  public let index: Int
  /// The class's probability, 0 to 1; see `OutputKind.Probabilities`.
  public let probability: Double
  /// The network's output before softmax or sigmoid.
  public let logit: Float

  /// A class with its probability and logit.
  public init(index: Int, probability: Double, logit: Float) {
    self.index = index
    self.probability = probability
    self.logit = logit
  }
}

/// The classes of one picture.
public struct Predictions: Sendable {
  /// Predictions that an explanation keeps.
  public static let kept = 5

  private let logits: [Float]
  private let probabilities: OutputKind.Probabilities
  private let largest: Double
  private let sum: Double

  /// The predictions of finite logits, of which there is at least one.
  public init(logits: [Float], _ probabilities: OutputKind.Probabilities) {
    let largest = Double(logits.max() ?? 0)
    self.logits = logits
    self.probabilities = probabilities
    self.largest = largest
    // Shifted by the largest logit, so that no exponential overflows.
    sum = logits.reduce(0) { $0 + exp(Double($1) - largest) }
  }

  /// Number of classes.
  public var count: Int { logits.count }

  /// One class.
  public subscript(index: Int) -> Prediction {
    Prediction(index: index, probability: probability(index), logit: logits[index])
  }

  /// The probability of a class.
  public func probability(_ index: Int) -> Double {
    let logit = Double(logits[index])
    switch probabilities {
    case .softmax: return exp(logit - largest) / sum
    case .sigmoid: return 1 / (1 + exp(-logit))
    }
  }

  /// The derivative of a class's probability p by all logits.
  ///
  /// Softmax: `∂p_k/∂z_i = p_k (δ_ik - p_i)`. Sigmoid: `∂p_k/∂z_k = p_k (1 - p_k)`, others 0.
  public func probabilityDerivative(_ index: Int) -> [Double] {
    let probability = probability(index)
    return logits.indices.map { other in
      switch probabilities {
      case .softmax:
        probability * ((other == index ? 1 : 0) - self.probability(other))
      case .sigmoid:
        other == index ? probability * (1 - probability) : 0
      }
    }
  }

  /// The `count` best classes, best first; of equals the one with the smaller index.
  public func best(_ count: Int) -> [Prediction] {
    let order = logits.indices.sorted { (-logits[$0], $0) < (-logits[$1], $1) }
    return order.prefix(count).map { self[$0] }
  }
}
