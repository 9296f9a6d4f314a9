import GradCAMPPKernels

/// Where the evidence for one class lies in one picture.
public final class Explanation: Sendable {
  /// Everything an explanation consists of.
  public struct Parts: Sendable {
    /// Name of the method that made the map.
    public var method: String
    /// Name of the layer that is explained.
    public var layer: String
    /// The class that the target is about; nil when it is about something else.
    public var target: Prediction?
    /// The target's name in `Targets.all`.
    public var targetKind: String
    /// The target's score for the picture.
    public var score: Double
    /// The most probable classes, best first.
    public var predictions: [Prediction]
    /// The map at the size of the network's input, (height, width), 0 to 1.
    public var heatmap: Tensor
    /// The map at the layer's resolution, (h, w), its largest value 1 or all 0.
    public var cam: Tensor
    /// The largest value of the weighted sum of activations, by which `cam` was divided; 0 if there
    /// is no positive evidence, or if it is not known.
    public var scale: Double
    /// The weight of each channel, (channels); nil when the method has none.
    public var channelWeights: Tensor?
    /// Guided gradient of the score by the RGB input in 0...1, (height, width, 3).
    public var guidedGradients: Tensor?
    /// What the network saw, (height, width, 3), RGB, 0 to 1.
    public var seen: SeenPicture
    /// Where in the picture that lies; nil if it is not known.
    public var area: PictureArea?

    /// All parts, unchecked.
    public init(
      method: String, layer: String, target: Prediction?, targetKind: String, score: Double,
      predictions: [Prediction], heatmap: Tensor, cam: Tensor, scale: Double,
      channelWeights: Tensor?, guidedGradients: Tensor?, seen: SeenPicture, area: PictureArea?
    ) {
      self.method = method
      self.layer = layer
      self.target = target
      self.targetKind = targetKind
      self.score = score
      self.predictions = predictions
      self.heatmap = heatmap
      self.cam = cam
      self.scale = scale
      self.channelWeights = channelWeights
      self.guidedGradients = guidedGradients
      self.seen = seen
      self.area = area
    }
  }

  /// The numbers.
  public let parts: Parts

  /// An explanation of parts that fit each other, as `Model.explain` makes them.
  init(_ parts: Parts) { self.parts = parts }

  /// Puts an explanation together again from parts of unknown origin.
  ///
  /// Throws `invalidArgument` when shapes do not fit or numbers are not finite.
  public init(restoring parts: Parts) throws(GradCAMError) {
    let height = parts.seen.height
    let width = parts.seen.width
    let expected: [(name: String, tensor: Tensor?, shape: Shape?)] = [
      ("heatmap", parts.heatmap, Shape([height, width])),
      ("guided gradients", parts.guidedGradients, Shape([height, width, 3])),
      ("cam", parts.cam, nil),
      (
        "channel weights", parts.channelWeights,
        parts.channelWeights.map { Shape([$0.shape.count]) }
      ),
    ]
    for prediction in parts.predictions + (parts.target.map { [$0] } ?? []) {
      guard prediction.index >= 0, prediction.logit.isFinite, prediction.probability >= 0,
        prediction.probability <= 1
      else {
        throw GradCAMError(
          .invalidArgument,
          "class \(prediction.index) with probability \(prediction.probability) and logit "
            + "\(prediction.logit) is no prediction")
      }
    }
    guard parts.predictions.count <= Predictions.kept else {
      throw GradCAMError(
        .invalidArgument,
        "there are \(parts.predictions.count) predictions; expected up to \(Predictions.kept)")
    }
    guard parts.score.isFinite, Targets.all.contains(where: { $0.name == parts.targetKind }) else {
      throw GradCAMError(
        .invalidArgument,
        "target \(parts.targetKind.quoted) with a score of \(parts.score) is no target of this "
          + "library")
    }
    guard parts.scale.isFinite, parts.scale >= 0 else {
      throw GradCAMError(
        .invalidArgument, "the scale is \(parts.scale); a finite number of 0 or more is expected")
    }
    for (name, tensor, shape) in expected {
      guard let tensor else { continue }
      if let shape, tensor.shape != shape {
        throw GradCAMError(
          .invalidArgument, "the \(name) have shape \(tensor.shape); expected \(shape)")
      }
      guard tensor.read({ span in span.indices.allSatisfy { span[$0].isFinite } }) else {
        throw GradCAMError(
          .invalidArgument, "the \(name) hold NaN or infinity; finite numbers are expected")
      }
    }
    try parts.checkRestored()
    self.parts = parts
  }
}
