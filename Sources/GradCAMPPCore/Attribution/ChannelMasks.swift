import GradCAMPPKernels

/// The channels of a layer as masks over the picture.
struct ChannelMasks {
  /// How many masks are made before they are scored: some batches of the engine, little memory.
  static let scoredTogether = 32

  /// What scores them.
  let scorer: any MaskScorer

  private let layer: LayerEvidence
  private let enlargement: BilinearEnlargement

  /// Throws `invalidArgument` for a layer with another number of spatial axes than two.
  init(_ layer: LayerEvidence, _ evidence: Evidence) throws(GradCAMError) {
    let extents = layer.spatialShape.extents
    guard extents.count == 2 else {
      throw GradCAMError(
        .invalidArgument,
        "masks need a layer with height and width; this one has \(extents.count) spatial axes")
    }
    self.layer = layer
    scorer = evidence.maskScorer
    enlargement = BilinearEnlargement(from: extents, to: scorer.maskShape.extents)
  }

  /// A channel, enlarged, from 0 at its smallest to 1 at its largest; all 0 if it is constant.
  func mask(of channel: Int) -> [Float] {
    let channels = layer.channels
    let values = layer.activations.read { activations in
      (0..<layer.cells).map { Double(activations[$0 * channels + channel]) }
    }
    let enlarged = enlargement.enlarged(values)
    let smallest = enlarged.reduce(.infinity) { min($0, $1) }
    let range = enlarged.reduce(-.infinity) { max($0, $1) } - smallest
    return enlarged.map { range > 0 ? Float(($0 - smallest) / range) : 0 }
  }
}
