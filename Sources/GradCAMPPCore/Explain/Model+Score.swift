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
      let mask = mask(index)
      try masked.check(mask)
      masked.write(mask, into: &seen, at: start)
    }
  }
}
