import GradCAMPPKernels

/// What a builder makes of weights: a graph, and what a graph does not say.
public struct ModelGraph: Sendable {
  /// What the architecture is called, such as "VGG16".
  public var architecture: String
  /// What it computes.
  public var graph: Graph
  /// How colours go in, by all that is said and known.
  public var normalization: Normalization
  /// The layer that is explained when none is named.
  public var defaultLayer: String
  /// What is assumed because nothing says it, a sentence each.
  public var notes: [String] = []
  /// Names of arrays of other element types that the network does without.
  public var ignored: Set<String> = []
  /// Whether this library's names of the weights, and the input's size, say all of the graph.
  var followsFromNames = false
}
