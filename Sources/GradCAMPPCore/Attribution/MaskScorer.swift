import GradCAMPPKernels

/// Scores a target for a picture that is shown through masks.
public protocol MaskScorer: Sendable {
  /// Extents of a mask: those of the network's input.
  var maskShape: Shape { get }

  /// The target's score for each mask, whose numbers stand row by row: 0 hides, 1 shows.
  ///
  /// What is hidden shows the colour that goes into the network as 0; numbers outside 0 to 1
  /// overdo or reverse that.
  func scores(masks: [[Float]]) throws(GradCAMError) -> [Double]
}

/// Gives evidence about a target for changed pictures, by a pass forward and back for each.
public protocol EvidenceSource: Sendable {
  /// The picture seen, (height, width, 3), RGB, 0 to 1, row by row.
  var picture: [Float] { get }

  /// How many pictures pass together at best.
  var batch: Int { get }

  /// The evidence of the layers for each of some pictures of the size of the one seen, whose
  /// numbers may lie outside 0 to 1.
  func layers(of pictures: [[Float]]) throws(GradCAMError) -> [[LayerEvidence]]
}

extension EvidenceSource {
  /// Calls `body` with the evidence of `count` pictures, one after the other, each made when its
  /// batch passes.
  func forEach(
    count: Int, picture: (_ index: Int) -> [Float],
    body: (_ index: Int, _ layers: [LayerEvidence]) -> Void
  ) throws(GradCAMError) {
    for first in stride(from: 0, to: count, by: batch) {
      let indices = first..<min(count, first + batch)
      for (index, layers) in zip(indices, try layers(of: indices.map(picture))) {
        body(index, layers)
      }
    }
  }
}

/// Stands where nothing is scored or repeated; nothing calls it.
struct NoFurtherEvidence: MaskScorer, EvidenceSource {
  let maskShape = Shape([1, 1])
  let picture: [Float] = []
  let batch = 1

  func scores(masks: [[Float]]) -> [Double] { [] }

  func layers(of pictures: [[Float]]) -> [[LayerEvidence]] { [] }
}
