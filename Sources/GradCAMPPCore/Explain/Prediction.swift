import Glibc

/// One class and the network's opinion of it.
public struct Prediction: Sendable, Equatable {
  /// The class, counted from 0.
  public let index: Int
  /// Softmax over all classes, 0 to 1.
  public let probability: Double
  /// The network's output before softmax.
  public let logit: Float

  /// A class with its probability and logit.
  public init(index: Int, probability: Double, logit: Float) {
    self.index = index
    self.probability = probability
    self.logit = logit
  }
}

/// The classes of one picture.
struct Predictions {
  private let logits: [Float]
  private let largest: Double
  private let sum: Double

  /// The predictions of finite logits, of which there is at least one.
  init(logits: [Float]) {
    let largest = Double(logits.max() ?? 0)
    self.logits = logits
    self.largest = largest
    // Shifted by the largest logit, so that no exponential overflows.
    sum = logits.reduce(0) { $0 + exp(Double($1) - largest) }
  }

  /// One class.
  subscript(index: Int) -> Prediction {
    Prediction(
      index: index, probability: exp(Double(logits[index]) - largest) / sum, logit: logits[index])
  }

  /// The `count` best classes, best first; of equals the one with the smaller index.
  func best(_ count: Int) -> [Prediction] {
    let order = logits.indices.sorted { (-logits[$0], $0) < (-logits[$1], $1) }
    return order.prefix(count).map { self[$0] }
  }
}
