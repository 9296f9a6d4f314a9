import GradCAMPPKernels

/// A target's weights over the network's output: its derivative by each element.
///
/// A walk back begins with them. Elements that are not named have weight 0.
public struct OutputWeights: Sendable, Equatable {
  /// An element of the output, row-major, without the batch, and its weight.
  public struct Entry: Sendable, Equatable {
    /// The element.
    public let element: Int
    /// Its weight.
    public let weight: Float

    /// A weighted element.
    public init(element: Int, weight: Float) {
      self.element = element
      self.weight = weight
    }
  }

  /// The elements with a weight, each once.
  public let entries: [Entry]

  /// Weights of some elements.
  public init(_ entries: [Entry]) { self.entries = entries }

  /// Weight 1 for one element: a logit.
  public init(element: Int) { entries = [Entry(element: element, weight: 1)] }

  /// Weights for all elements.
  public init(all weights: [Float]) {
    entries = weights.enumerated().map { Entry(element: $0.offset, weight: $0.element) }
  }
}
