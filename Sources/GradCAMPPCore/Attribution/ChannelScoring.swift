import GradCAMPPKernels

/// A method that weighs a channel by the target's score for the picture seen through it.
///
/// The channel, enlarged to the picture and brought to 0 to 1, is the mask M; the weights of the
/// channels are the softmax of their scores (Wang et al., Score-CAM, CVPR Workshops 2020, equations
/// 4 to 8; the score of an empty picture, which it subtracts, is the same for all channels and
/// leaves a softmax as it is).
public protocol ChannelScoring: AttributionMethod {
  /// How many masks are made of each channel.
  var masksOfChannel: Int { get }

  /// Mask `sample` of channel `channel`, from its mask M.
  func mask(_ mask: [Float], channel: Int, sample: Int) -> [Float]
}

extension ChannelScoring {
  /// `Σ_k w_k A_k`, `w = softmax(mean score of the channel's masks)`.
  public func map(_ evidence: Evidence) throws(GradCAMError) -> AttributionMap {
    let layer = evidence.layers[0]
    let masks = try ChannelMasks(layer, evidence)
    var scores = [Double](repeating: 0, count: layer.channels)
    var waiting: [(channel: Int, mask: [Float])] = []
    func score() throws(GradCAMError) {
      let found = try masks.scorer.scores(masks: waiting.map(\.mask))
      for (place, score) in zip(waiting, found) {
        scores[place.channel] += score / Double(masksOfChannel)
      }
      waiting.removeAll(keepingCapacity: true)
    }
    for channel in 0..<layer.channels {
      let enlarged = masks.mask(of: channel)
      for sample in 0..<masksOfChannel {
        waiting.append((channel, mask(enlarged, channel: channel, sample: sample)))
        if waiting.count == ChannelMasks.scoredTogether { try score() }
      }
    }
    if !waiting.isEmpty { try score() }
    return layer.weightedSum(ScoreShares.softmax(scores))
  }
}
