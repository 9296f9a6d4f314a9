import GradCAMPPKernels

extension LayerEvidence {
  /// The same numbers in memory of their own.
  func copied() throws(GradCAMError) -> LayerEvidence {
    try LayerEvidence(
      activations: activations.copied(),
      gradients: gradientsIfAny.map { gradients throws(GradCAMError) in try gradients.copied() })
  }

  /// `Σ_k w_k A_k`.
  ///
  /// Selvaraju et al. 2017, equation 2, before its ReLU.
  func weightedSum(_ weights: [Double]) -> AttributionMap {
    var map = [Double](repeating: 0, count: cells)
    activations.read { activations in
      for cell in map.indices {
        var sum = 0.0
        for channel in 0..<channels {
          sum += weights[channel] * Double(activations[cell * channels + channel])
        }
        map[cell] = sum
      }
    }
    return AttributionMap(map, shape: spatialShape, channelWeights: weights)
  }

  /// The largest magnitude of the gradients of each cell.
  func largestMagnitudes() -> AttributionMap {
    gradients.read { gradients in
      largestMagnitudes(of: gradients.indices.map { Double(gradients[$0]) })
    }
  }

  /// The largest magnitude in each cell of numbers of this layer's shape.
  func largestMagnitudes(of values: [Double]) -> AttributionMap {
    let map = (0..<cells).map { cell in
      values[cell * channels..<(cell + 1) * channels].reduce(0) { max($0, abs($1)) }
    }
    return AttributionMap(map, shape: spatialShape)
  }
}
