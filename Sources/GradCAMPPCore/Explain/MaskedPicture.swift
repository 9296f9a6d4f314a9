import GradCAMPPKernels

/// A picture that shows where a mask is 1, and a background where it is 0.
struct MaskedPicture: Sendable {
  private let seen: [Float]
  private let background: [Float]

  /// `background` is the colour that goes into the network as 0 if it is nil.
  ///
  /// Throws `invalidArgument` for a background of another size or with numbers outside 0 to 1.
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

  /// Throws `invalidArgument` for a mask of another size or with numbers outside 0 to 1.
  func check(_ mask: [Float]) throws(GradCAMError) {
    guard mask.count * 3 == seen.count, mask.allSatisfy({ $0 >= 0 && $0 <= 1 }) else {
      throw GradCAMError(
        .invalidArgument,
        "a mask has \(mask.count) numbers or some outside 0 to 1; expected \(seen.count / 3) from 0 "
          + "to 1, one for each pixel of the network's input")
    }
  }

  /// `m x + (1 - m) b`.
  func write(_ mask: [Float], into result: inout MutableSpan<Float>, at start: Int) {
    precondition(mask.count * 3 == seen.count, "the mask has another size than the picture")
    for index in seen.indices {
      let share = mask[index / 3]
      result[start + index] = share * seen[index] + (1 - share) * background[index]
    }
  }
}

/// Scores one target of one picture for a method.
struct PictureScorer: MaskScorer {
  private let model: Model
  private let picture: MaskedPicture
  private let target: any Target
  private let cancel: CancelToken?

  let maskShape: Shape

  init(
    _ model: Model, _ picture: SeenPicture, _ target: any Target, _ cancel: CancelToken?
  ) throws(GradCAMError) {
    self.model = model
    self.picture = try MaskedPicture(picture, nil, model.loaded.preprocessing)
    self.target = target
    self.cancel = cancel
    maskShape = Shape([picture.height, picture.width])
  }

  func scores(masks: [[Float]]) throws(GradCAMError) -> [Double] {
    try model.scores(count: masks.count, of: [target], cancel: cancel) { index, seen, start in
      picture.write(masks[index], into: &seen, at: start)
    }.map { $0[0] }
  }
}
