import GradCAMPPKernels

/// A method's map as it is shown: with the ending that methods share, unless one declines it.
public struct ClassActivationMap: Sendable {
  /// The weight of each channel, (channels), if the method has such.
  public let channelWeights: [Double]?

  /// The map, row by row: 0 to 1, and its largest value is 1 unless it is 0 everywhere.
  ///
  /// They are the method's own numbers where it declines the ending.
  public let values: [Double]

  /// What `values` are multiplied by to have the map before its division; 0 if it is 0 everywhere,
  /// 1 where nothing was divided.
  public let scale: Double

  /// The map's extents.
  public let shape: Shape

  /// The positive part of a map, divided by its largest value.
  ///
  /// Selvaraju et al. 2017, equation 2. Without positive evidence it is 0.
  public init(_ map: consuming AttributionMap) {
    channelWeights = map.channelWeights
    shape = map.shape
    switch map.ending {
    case .asItIs:
      values = map.values
      scale = 1
    case .positivePart:
      // In place: a map has as many numbers as its layer has cells.
      var positive: [Double] = []
      swap(&positive, &map.values)
      let largest = positive.reduce(0) { max($0, $1) }
      for cell in positive.indices {
        positive[cell] = positive[cell] > 0 ? positive[cell] / largest : 0
      }
      values = positive
      scale = largest
    }
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
