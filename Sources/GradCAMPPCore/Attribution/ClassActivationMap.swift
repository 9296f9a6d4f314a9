import GradCAMPPKernels

/// A map of evidence at the resolution of its layer.
public struct ClassActivationMap: Sendable {
  /// The weight of each channel, (channels).
  public let channelWeights: [Double]

  /// The map, row by row: 0 to 1, and its largest value is 1 unless it is 0 everywhere.
  public let values: [Double]

  /// What `values` are multiplied by to have the map before its division; 0 if it is 0 everywhere.
  public let scale: Double

  /// The map's extents.
  public let shape: Shape

  /// The positive part of the activations' weighted sum, divided by its largest value.
  ///
  /// `max(Σ_k w_k A_k, 0)`: Selvaraju et al. 2017, equation 2. Without positive evidence it is 0.
  public init(_ method: any AttributionMethod.Type, _ evidence: Evidence) {
    let weights = method.channelWeights(evidence)
    let channels = evidence.channels
    var map = [Double](repeating: 0, count: evidence.cells)
    evidence.activations.read { activations in
      for cell in map.indices {
        var sum = 0.0
        for channel in 0..<channels {
          sum += weights[channel] * Double(activations[cell * channels + channel])
        }
        map[cell] = sum > 0 ? sum : 0
      }
    }
    let largest = map.max() ?? 0
    if largest > 0 { for cell in map.indices { map[cell] /= largest } }
    channelWeights = weights
    values = map
    scale = largest
    shape = evidence.spatialShape
  }

  /// The map as float32 numbers of its own shape.
  public func tensor() throws(GradCAMError) -> Tensor {
    try Tensor(shape) { map in
      for cell in values.indices { map[cell] = Float(values[cell]) }
    }
  }

  /// The map, enlarged to other extents of the same rank.
  ///
  /// Cells outside the map count as 0, as in the original, so it fades towards its border.
  public func enlarged(to extents: [Int]) throws(GradCAMError) -> Tensor {
    let resize = LinearResize(from: shape.extents, to: extents)
    return try Tensor(Shape(extents)) { enlarged in
      resize.resize(values.span) { enlarged[$0] = Float($1) }
    }
  }
}
