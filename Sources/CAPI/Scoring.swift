// The header documents these functions.
// swift-format-ignore-file: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation

import CGradCAMPP
import GradCAMPPCore
import GradCAMPPKernels

@_cdecl("gcpp_score") @implementation
public func gcpp_score(
  _ out: UnsafeMutablePointer<Double>?, _ model: OpaquePointer?,
  _ scoring: UnsafePointer<gcpp_scoring>?, _ error: UnsafeMutablePointer<gcpp_error>?
) -> gcpp_status {
  attempt(error) { () throws(GradCAMError) in
    let model = try object(model, ModelHandle.self, "model").model
    let given = try options(required(scoring, "scoring"), default: gcpp_scoring(), "scoring")
    let count = try size(given.count, "scoring.count")
    guard count <= 1 << 24 else {
      throw GradCAMError(.invalidArgument, "scoring.count is \(count); expected up to \(1 << 24)")
    }
    let targets = try targetRequests(given.targets, given.target_count, "scoring.target")
    let scores = try scores(model, given, count, targets)
    guard !scores.isEmpty else { return }
    let out = try required(out, "out")
    for (index, score) in scores.joined().enumerated() { out[index] = score }
  }
}

/// Scores of prepared pictures, or of one seen through masks.
private func scores(
  _ model: Model, _ given: gcpp_scoring, _ count: Int, _ targets: [TargetRequest]
) throws(GradCAMError) -> [[Double]] {
  let cancel = objectIfAny(given.cancel, CancelTokenHandle.self)?.token
  let pixels = model.loaded.preprocessing.inputCount
  guard (given.pictures == nil) != (given.image == nil) else {
    throw GradCAMError(
      .invalidArgument, "scoring has neither pictures nor an image, or both; expected one of them")
  }
  guard let pictures = given.pictures else {
    let image = try object(given.image, ImageHandle.self, "scoring.image").image
    let masks = try required(given.masks, "scoring.masks")
    let background = given.background.map {
      Array(UnsafeBufferPointer(start: $0, count: pixels))
    }
    return try model.scores(
      image, count: count, background: background, targets: targets, cancel: cancel
    ) { index in
      Array(UnsafeBufferPointer(start: masks + index * (pixels / 3), count: pixels / 3))
    }
  }
  guard given.masks == nil, given.background == nil else {
    throw GradCAMError(
      .invalidArgument, "scoring has masks or a background for pictures; expected an image")
  }
  return try model.scores(count: count, targets: targets, cancel: cancel) {
    index, seen, start throws(GradCAMError) in
    let picture = pictures + index * pixels
    for element in 0..<pixels {
      guard picture[element] >= 0, picture[element] <= 1 else {
        throw GradCAMError(
          .invalidArgument,
          "scoring.pictures holds \(picture[element]) in picture \(index); numbers from 0 to 1 are "
            + "expected")
      }
      seen[start + element] = picture[element]
    }
  }
}
