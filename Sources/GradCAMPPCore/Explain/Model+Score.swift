import GradCAMPPKernels

extension Model {
  /// The most pictures that one pass scores together: enough to read dense weights seldom, few
  /// enough to keep the workspace small.
  static let scoredAtOnce = 8

  /// Scores targets for many prepared pictures, some at a time.
  ///
  /// `write` writes picture `index` as the network sees it, (height, width, 3), RGB, 0 to 1, at
  /// the size of the input, from element `start` on. The result has, for each picture, the score of each target; without
  /// targets `invalidArgument` is thrown. Each score is bit for bit that of its picture alone.
  public func scores(
    count: Int, targets requests: [TargetRequest], cancel: CancelToken? = nil,
    write: (_ index: Int, _ seen: inout MutableSpan<Float>, _ start: Int) throws(GradCAMError) ->
      Void
  ) throws(GradCAMError) -> [[Double]] {
    let targets = try targets(requests)
    guard !targets.isEmpty else {
      throw GradCAMError(.invalidArgument, "scores need a target; none is given")
    }
    return try scores(count: count, of: targets, cancel: cancel, write: write)
  }

  func scores(
    count: Int, of targets: [any Target], cancel: CancelToken?,
    write: (_ index: Int, _ seen: inout MutableSpan<Float>, _ start: Int) throws(GradCAMError) ->
      Void
  ) throws(GradCAMError) -> [[Double]] {
    let size = loaded.preprocessing.inputCount
    var scores: [[Double]] = []
    for first in stride(from: 0, to: count, by: Self.scoredAtOnce) {
      let pictures = first..<min(count, first + Self.scoredAtOnce)
      try runner.run(
        request(pictures: pictures.count), cancel: cancel,
        writeInput: { input throws(GradCAMError) in
          for index in pictures {
            let start = (index - first) * size
            try write(index, &input, start)
            loaded.preprocessing.prepare(&input, at: start)
          }
        },
        chooseTargets: { results in
          for result in results {
            let output = network.output(result.output)
            scores.append(targets.map { $0.score(output) })
          }
          return results.map { _ in [] }
        })
    }
    return scores
  }

  /// Scores targets for a picture seen through masks.
  ///
  /// `mask` gives mask `index`; it has the input's (height, width), 0 where the picture is hidden and 1 where it is
  /// shown; `background`, (height, width, 3), RGB, 0 to 1, is what shows where it is hidden: nil
  /// for the colour that goes into the network as 0. Throws `invalidArgument` for a mask or a
  /// background of another size or with numbers outside 0 to 1.
  public func scores(
    _ image: RGBImage, count: Int, background: [Float]? = nil, targets: [TargetRequest],
    cancel: CancelToken? = nil, mask: (_ index: Int) -> [Float]
  ) throws(GradCAMError) -> [[Double]] {
    let masked = try MaskedPicture(see(image), background, loaded.preprocessing)
    return try scores(count: count, targets: targets, cancel: cancel) {
      index, seen, start throws(GradCAMError) in
      try masked.write(mask(index), into: &seen, at: start)
    }
  }
}

/// A picture that shows where a mask is 1, and a background where it is 0.
private struct MaskedPicture: Sendable {
  private let seen: [Float]
  private let background: [Float]

  init(
    _ picture: SeenPicture, _ background: [Float]?, _ preprocessing: Preprocessing
  ) throws(GradCAMError) {
    let seen = picture.read { span in span.indices.map { Float(span[$0]) } }
    let color = preprocessing.neutralColor.map { Float($0) }
    self.seen = seen
    self.background = background ?? seen.indices.map { color[$0 % 3] }
    guard self.background.count == seen.count, self.background.allSatisfy({ $0 >= 0 && $0 <= 1 })
    else {
      throw GradCAMError(
        .invalidArgument,
        "the background has \(self.background.count) numbers or some outside 0 to 1; expected "
          + "\(seen.count) from 0 to 1, those of the picture seen")
    }
  }

  /// `m x + (1 - m) b`.
  func write(
    _ mask: [Float], into result: inout MutableSpan<Float>, at start: Int
  ) throws(GradCAMError) {
    guard mask.count * 3 == seen.count, mask.allSatisfy({ $0 >= 0 && $0 <= 1 }) else {
      throw GradCAMError(
        .invalidArgument,
        "a mask has \(mask.count) numbers or some outside 0 to 1; expected \(seen.count / 3) from 0 "
          + "to 1, one for each pixel of the network's input")
    }
    for index in seen.indices {
      let share = mask[index / 3]
      result[start + index] = share * seen[index] + (1 - share) * background[index]
    }
  }
}

/// Scores one target of one picture for a method.
struct PictureScorer: MaskScorer {
  private let model: Model
  private let picture: SeenPicture
  private let target: any Target
  private let cancel: CancelToken?

  init(_ model: Model, _ picture: SeenPicture, _ target: any Target, _ cancel: CancelToken?) {
    self.model = model
    self.picture = picture
    self.target = target
    self.cancel = cancel
  }

  var maskShape: Shape { Shape([picture.height, picture.width]) }

  func scores(masks: [[Float]]) throws(GradCAMError) -> [Double] {
    let masked = try MaskedPicture(picture, nil, model.loaded.preprocessing)
    return try model.scores(count: masks.count, of: [target], cancel: cancel) {
      index, seen, start throws(GradCAMError) in
      try masked.write(masks[index], into: &seen, at: start)
    }.map { $0[0] }
  }
}
