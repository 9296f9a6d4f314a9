import GradCAMPPKernels

/// A method whose map is the sum over a layer's channels of a number for each cell.
public protocol CellWeighting: AttributionMethod {
  /// What one channel adds to one cell.
  func value(activation: Double, gradient: Double) -> Double
}

extension CellWeighting {
  /// `Σ_k value(A_k, g_k)`.
  public func map(_ evidence: Evidence) -> AttributionMap {
    let layer = evidence.layers[0]
    var map = [Double](repeating: 0, count: layer.cells)
    var cell = -1
    layer.forEachPair { channel, activation, gradient in
      if channel == 0 { cell += 1 }
      map[cell] += value(activation: activation, gradient: gradient)
    }
    return AttributionMap(map, shape: layer.spatialShape)
  }
}
