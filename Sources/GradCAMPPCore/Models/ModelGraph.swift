import GradCAMPPKernels

/// What a builder makes of weights: a graph, and what a graph does not say.
public struct ModelGraph: Sendable {
  /// What the architecture is called, such as "VGG16".
  public var architecture: String
  /// What it computes.
  public var graph: Graph
  /// How colours go in, by all that is said and known.
  public var normalization: Normalization
  /// How much of a picture the network was made to see, and how that was resized; nil where nothing
  /// says it.
  public var framing: Framing?
  /// The layer that is explained when none is named.
  public var defaultLayer: String
  /// What is assumed because nothing says it, a sentence each.
  public var notes: [String] = []
  /// Names of arrays of other element types that the network does without.
  public var ignored: Set<String> = []
  /// Whether this library's names of the weights, and the input's size, say all of the graph.
  var followsFromNames = false

  /// How pictures are framed: as the caller says, else as the network was made to see them.
  ///
  /// A crop that shows the whole picture between bars leaves nothing out.
  func framing(_ options: ModelOptions) throws(GradCAMError) -> Framing {
    let said = options.framing
    guard let framing, options.normalization == nil,
      said == (try Framing(crop: said.crop))
    else { return said }
    guard said.crop != .pad else { return try Framing(crop: .pad, filter: framing.filter) }
    return try Framing(
      crop: said.crop, fraction: framing.fraction, resizesFirst: framing.resizesFirst,
      filter: framing.filter)
  }
}
