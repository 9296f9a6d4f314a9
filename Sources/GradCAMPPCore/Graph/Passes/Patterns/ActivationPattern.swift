import GradCAMPPKernels

/// A function of single numbers that exporters write as several nodes.
protocol ActivationPattern: Sendable {
  /// The node that computes `value`, a product, at once: its operation, the value it is a function
  /// of, and its attributes; nil where `value` is something else.
  static func found(
    _ value: String, _ product: GraphReading.Product, _ graph: GraphReading
  ) -> (operation: String, input: String, attributes: [String: AttributeValue])?
}

/// The functions that are recognised.
enum ActivationPatterns {
  /// Every one.
  static let all: [any ActivationPattern.Type] = [
    GELUByTanhPattern.self,
    GELUPattern.self,
    HardSwishPattern.self,
    MishPattern.self,
    SiLUPattern.self,
  ]
}
