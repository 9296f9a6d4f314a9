import GradCAMPPKernels

/// Weights as whoever reads them wants them, converted and moved there when they are read.
///
/// So opening a file reads none of its weights, and no copy lies beside what a layer packs. Only
/// what the host program lends is copied at once, since it may change.
public struct ArrangedWeights: Sendable {
  /// The extents, outermost first.
  public let shape: Shape

  /// What the numbers are made of.
  private enum Source {
    case array(WeightArray)
    /// Numbers of another format in a mapped file.
    case stored(MappedFile, Range<Int>, FloatFormat)
  }

  /// What becomes of the source's numbers.
  private enum Arrangement {
    case none
    /// See `WeightArray.channelsLast`.
    case channelsLast(channels: Int, factors: [Float])
    /// See `WeightArray.permuted`.
    case permuted([Int], scaling: (place: Int, factors: [Float])?)
  }

  private let source: Source
  /// The source's extents.
  private let sourceShape: Shape
  private let arrangement: Arrangement

  /// Weights that lie as they are wanted.
  public init(_ array: WeightArray) {
    self.init(.array(array), array.shape, .none, shape: array.shape)
  }

  /// Weights that a mapped file holds in some format.
  init(_ file: MappedFile, _ range: Range<Int>, _ format: FloatFormat, shape: Shape) {
    precondition(
      range.count == shape.count * format.width.byteCount, "byte count does not fit the shape")
    self.init(.stored(file, range, format), shape, .none, shape: shape)
  }

  private init(
    _ source: Source, _ sourceShape: Shape, _ arrangement: Arrangement, shape: Shape
  ) {
    precondition(shape.count == sourceShape.count, "another number of elements")
    self.source = source
    self.sourceShape = sourceShape
    self.arrangement = arrangement
    self.shape = shape
  }

  /// Whether the numbers lie in the host program's memory.
  public var isBorrowed: Bool {
    if case .array(let array) = source { array.isBorrowed } else { false }
  }

  /// The numbers, where they lie or in a copy; throws `outOfMemory`.
  public func array() throws(GradCAMError) -> WeightArray {
    let array = try found()
    switch arrangement {
    case .none: return array.viewed(as: shape)
    case .channelsLast(let channels, let factors):
      return try array.channelsLast(channels: channels, factors: factors, shape: shape)
    case .permuted(let perm, let scaling):
      return try array.permuted(perm, scaling: scaling).viewed(as: shape)
    }
  }

  private func found() throws(GradCAMError) -> WeightArray {
    switch source {
    case .array(let array): return array.viewed(as: sourceShape)
    case .stored(let file, let range, let format):
      return try file.read(range) { bytes throws(GradCAMError) in
        WeightArray(try format.tensor(bytes, shape: sourceShape))
      }
    }
  }

  /// The same numbers with other extents of as many elements.
  public func viewed(as shape: Shape) -> ArrangedWeights {
    ArrangedWeights(source, sourceShape, arrangement, shape: shape)
  }

  /// The numbers of (outputs, channels, cells…) as (cells…, channels, outputs), as in
  /// `WeightArray.channelsLast`; throws `outOfMemory`.
  func channelsLast(
    channels: Int, factors: [Float], shape result: Shape
  ) throws(GradCAMError) -> ArrangedWeights {
    try arranged(.channelsLast(channels: channels, factors: factors), shape: result)
  }

  /// The numbers with axis `perm[i]` as axis i, as in `WeightArray.permuted`; throws `outOfMemory`.
  func permuted(
    _ perm: [Int], scaling: (place: Int, factors: [Float])?
  ) throws(GradCAMError) -> ArrangedWeights {
    try arranged(
      .permuted(perm, scaling: scaling), shape: Shape(perm.map { shape[$0] }))
  }

  private func arranged(
    _ next: Arrangement, shape result: Shape
  ) throws(GradCAMError) -> ArrangedWeights {
    guard case .none = arrangement, !isBorrowed else {
      let array = try array()
      return ArrangedWeights(
        try ArrangedWeights(.array(array), shape, next, shape: result).array())
    }
    return ArrangedWeights(source, shape, next, shape: result)
  }
}
