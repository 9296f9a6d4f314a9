import GradCAMPPKernels

/// Turns evidence about a target into a map.
///
/// A method is one file in `Methods` and one line in `AttributionMethods.all`. It says what it
/// needs and gets just that.
public protocol AttributionMethod: Sendable {
  /// The name it is asked for by: "gradcam++".
  static var name: String { get }

  /// What it computes, in one line.
  static var summary: String { get }

  /// Where it was published.
  static var citation: String { get }

  /// What it has to be given.
  static var needs: MethodNeeds { get }

  /// What can be chosen about it.
  static var options: [MethodOption] { get }

  /// The method with options whose names, types and ranges fit `options`.
  init(_ options: MethodOptions) throws(GradCAMError)

  /// The map.
  func map(_ evidence: Evidence) throws(GradCAMError) -> AttributionMap
}

extension AttributionMethod {
  /// None.
  public static var options: [MethodOption] { [] }
}

/// A map of evidence at the resolution of its layer, before the ending that methods share.
public struct AttributionMap: Sendable {
  /// What is done to a map before it is shown.
  public enum Ending: Sendable, Equatable {
    /// Negative values become 0, and all are divided by the largest: 0 to 1.
    case positivePart
    /// Nothing.
    case asItIs
  }

  /// The values, row by row.
  public internal(set) var values: [Double]
  /// The map's extents.
  public let shape: Shape
  /// The weight of each channel in the map, if the method has such.
  public let channelWeights: [Double]?
  /// What is done to the map.
  public let ending: Ending

  /// A map.
  public init(
    _ values: [Double], shape: Shape, channelWeights: [Double]? = nil,
    ending: Ending = .positivePart
  ) {
    precondition(values.count == shape.count, "a value for each cell")
    self.values = values
    self.shape = shape
    self.channelWeights = channelWeights
    self.ending = ending
  }
}

/// A method whose map is the sum of a layer's channels, each times a weight.
public protocol ChannelWeighting: AttributionMethod {
  /// The weight of each channel in the map.
  func channelWeights(_ layer: LayerEvidence) throws(GradCAMError) -> [Double]
}

extension ChannelWeighting {
  /// `Σ_k w_k A_k`.
  public func map(_ evidence: Evidence) throws(GradCAMError) -> AttributionMap {
    try evidence.layers[0].weightedSum(channelWeights(evidence.layers[0]))
  }
}
