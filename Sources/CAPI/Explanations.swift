// The header documents these functions.
// swift-format-ignore-file: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation

import CGradCAMPP
import GradCAMPPCore
import GradCAMPPKernels

extension gcpp_prediction {
  init(_ prediction: Prediction) {
    self.init(
      index: Int64(prediction.index), probability: prediction.probability,
      logit: prediction.logit)
  }
}

@_cdecl("gcpp_predict") @implementation
public func gcpp_predict(
  _ out: UnsafeMutablePointer<gcpp_prediction>?, _ count: UnsafeMutablePointer<Int>?,
  _ model: OpaquePointer?, _ image: OpaquePointer?, _ error: UnsafeMutablePointer<gcpp_error>?
) -> gcpp_status {
  gcpp_predict_with(out, count, model, image, nil, error)
}

@_cdecl("gcpp_predict_with") @implementation
public func gcpp_predict_with(
  _ out: UnsafeMutablePointer<gcpp_prediction>?, _ count: UnsafeMutablePointer<Int>?,
  _ model: OpaquePointer?, _ image: OpaquePointer?, _ cancel: OpaquePointer?,
  _ error: UnsafeMutablePointer<gcpp_error>?
) -> gcpp_status {
  attempt(error) { () throws(GradCAMError) in
    let count = try required(count, "count")
    let room = Int(clamping: UInt(bitPattern: count.pointee))
    count.pointee = 0
    let out = room == 0 ? nil : try required(out, "out")
    let model = try object(model, ModelHandle.self, "model").model
    let image = try object(image, ImageHandle.self, "image").image
    let predictions = try model.predict(
      image, count: room, cancel: objectIfAny(cancel, CancelTokenHandle.self)?.token)
    for (index, prediction) in predictions.enumerated() {
      out?[index] = gcpp_prediction(prediction)
    }
    count.pointee = predictions.count
  }
}

@_cdecl("gcpp_explain") @implementation
public func gcpp_explain(
  _ out: UnsafeMutablePointer<OpaquePointer?>?, _ model: OpaquePointer?, _ image: OpaquePointer?,
  _ options: UnsafePointer<gcpp_explain_options>?, _ error: UnsafeMutablePointer<gcpp_error>?
) -> gcpp_status {
  explain(out, model, imageCount: 1, options, error) { [image] }
}

@_cdecl("gcpp_explain_batch") @implementation
public func gcpp_explain_batch(
  _ out: UnsafeMutablePointer<OpaquePointer?>?, _ model: OpaquePointer?,
  _ images: UnsafePointer<OpaquePointer?>?, _ image_count: Int,
  _ options: UnsafePointer<gcpp_explain_options>?, _ error: UnsafeMutablePointer<gcpp_error>?
) -> gcpp_status {
  explain(out, model, imageCount: image_count, options, error) { () throws(GradCAMError) in
    let images = try required(images, "images")
    return (0..<image_count).map { images[$0] }
  }
}

/// The most pictures of one call.
private let mostImages = 1 << 16
/// The most explanations of one call.
private let mostExplanations = 1 << 20

private func explain(
  _ out: UnsafeMutablePointer<OpaquePointer?>?, _ model: OpaquePointer?, imageCount: Int,
  _ options: UnsafePointer<gcpp_explain_options>?, _ error: UnsafeMutablePointer<gcpp_error>?,
  _ images: () throws(GradCAMError) -> [OpaquePointer?]
) -> gcpp_status {
  // Before anything is refused: on failure every handle is NULL, not just the first.
  let room = room(
    knownMembers(of: options, default: gcpp_explain_options()), imageCount: imageCount)
  if let out {
    for index in 0..<(room ?? 1) { out[index] = nil }
  }
  return attempt(error) { () throws(GradCAMError) in
    let given = try GradCAMPPCAPI.options(options, default: gcpp_explain_options(), "options")
    guard (0...mostImages).contains(imageCount) else {
      throw GradCAMError(
        .invalidArgument,
        "image_count is \(UInt(bitPattern: imageCount)); expected up to \(mostImages)")
    }
    guard imageCount > 0 else { return }
    let out = try required(out, "out")
    var wanted = ExplainOptions()
    wanted.targets = try targets(given)
    wanted.cancel = objectIfAny(given.cancel, CancelTokenHandle.self)?.token
    wanted.topCount = try size(given.top, "options.top")
    guard room != nil else {
      throw GradCAMError(
        .invalidArgument,
        "\(wanted.targetCount) classes of \(imageCount) pictures are too many for one call; "
          + "expected up to \(mostExplanations) explanations")
    }
    wanted.method = try text(given.method, "options.method", default: wanted.method)
    wanted.layers = try layers(given)
    wanted.methodOptions = try methodOptions(given)
    wanted.isGuided = given.guided != 0
    let model = try object(model, ModelHandle.self, "model").model
    var pictures: [RGBImage] = []
    for image in try images() {
      pictures.append(try object(image, ImageHandle.self, "image").image)
    }
    let explanations = try model.explain(pictures, wanted)
    for (index, explanation) in explanations.joined().enumerated() {
      out[index] = retainedHandle(ExplanationHandle(explanation))
    }
  }
}

/// How many handles the caller has room for; nil when they are more than one call may ask for.
private func room(_ given: gcpp_explain_options, imageCount: Int) -> Int? {
  // Counts beyond what an Int holds are negative here.
  guard given.top >= 0, given.target_count >= 0, given.target_list_count >= 0 else { return nil }
  let targets = given.target_list_count != 0 ? given.target_list_count : given.target_count
  let each = given.top != 0 ? given.top : max(targets, 1)
  let (room, overflow) = each.multipliedReportingOverflow(by: imageCount)
  return !overflow && (0...mostExplanations).contains(room) ? room : nil
}

/// The layers of the caller's options.
private func layers(_ given: gcpp_explain_options) throws(GradCAMError) -> [String] {
  let names = try list(
    given.layers, given.layer_count, most: 1 << 10, "options.layers", "options.layer_count")
  guard names.isEmpty || given.layer == nil else {
    throw GradCAMError(
      .invalidArgument, "options has both a layer and layers; expected one of them")
  }
  guard given.layer == nil else { return [try text(given.layer, "options.layer")] }
  return try names.map { name throws(GradCAMError) in try text(name, "a name of options.layers") }
}

/// The method's options among the caller's.
private func methodOptions(_ given: gcpp_explain_options) throws(GradCAMError) -> [String: Double] {
  var values: [String: Double] = [:]
  for option in try list(
    given.method_options, given.method_option_count, most: 1 << 10, "options.method_options",
    "options.method_option_count")
  {
    let name = try text(option.name, "a name of options.method_options")
    guard values.updateValue(option.value, forKey: name) == nil else {
      throw GradCAMError(.invalidArgument, "option \(name.quoted) is given twice")
    }
  }
  return values
}

/// The targets of the caller's options; throws `invalidArgument` when they and their count differ.
private func targets(_ given: gcpp_explain_options) throws(GradCAMError) -> [TargetRequest] {
  let classes = try list(
    given.targets, given.target_count, most: 1 << 20, "options.targets", "options.target_count")
  let targets = try targetRequests(
    given.target_list, given.target_list_count, "options.target_list")
  guard classes.isEmpty || targets.isEmpty else {
    throw GradCAMError(
      .invalidArgument, "options has both targets and a target_list; expected one of them")
  }
  return classes.map { TargetRequest(classIndex: Int($0)) } + targets
}

@_cdecl("gcpp_explanation_free") @implementation
public func gcpp_explanation_free(_ explanation: OpaquePointer?) {
  release(explanation, ExplanationHandle.self)
}

@_cdecl("gcpp_explanation_restore") @implementation
public func gcpp_explanation_restore(
  _ out: UnsafeMutablePointer<OpaquePointer?>?, _ parts: UnsafePointer<gcpp_explanation_parts>?,
  _ error: UnsafeMutablePointer<gcpp_error>?
) -> gcpp_status {
  out?.pointee = nil
  return attempt(error) { () throws(GradCAMError) in
    let out = try required(out, "out")
    let given = try options(
      required(parts, "parts"), default: gcpp_explanation_parts(), "parts")
    var predictions: [Prediction] = []
    if given.prediction_count != 0 {
      let list = try required(given.predictions, "parts.predictions")
      // One more than an explanation keeps, so that it can say so.
      let count = min(UInt(bitPattern: given.prediction_count), UInt(Predictions.kept) + 1)
      predictions = (0..<Int(count)).map { prediction(list[$0]) }
    }
    let numbers = try required(given.seen, "parts.seen")
    _ = try (size(given.height, "parts.height"), size(given.width, "parts.width"))
    try RGBImage.checkSize(height: given.height, width: given.width, orThrow: .invalidArgument)
    let seen = try SeenPicture(
      height: given.height, width: given.width,
      checking: UnsafeBufferPointer(start: numbers, count: given.height * given.width * 3).span)
    let restored = Explanation.Parts(
      method: try text(given.method, "parts.method"),
      layer: try text(given.layer, "parts.layer"),
      target: given.target.index == -1 ? nil : prediction(given.target),
      targetKind: try text(given.target_kind, "parts.target_kind", default: LogitTarget.name),
      score: given.target_kind == nil ? Double(given.target.logit) : given.score,
      predictions: predictions,
      heatmap: try tensor(given.heatmap, "parts.heatmap"),
      cam: try tensor(given.cam, "parts.cam"),
      scale: given.scale,
      channelWeights: isAbsent(given.channel_weights)
        ? nil : try tensor(given.channel_weights, "parts.channel_weights"),
      guidedGradients: isAbsent(given.guided) ? nil : try tensor(given.guided, "parts.guided"),
      seen: seen, area: try pictureArea(given.source))
    out.pointee = retainedHandle(ExplanationHandle(try Explanation(restoring: restored)))
  }
}

/// Whether a view is of no numbers; half of none is a mistake.
private func isAbsent(_ view: gcpp_view) -> Bool { view.rank == 0 && view.data == nil }

/// The area; nil where its numbers are all 0.
private func pictureArea(_ given: gcpp_source_area) throws(GradCAMError) -> PictureArea? {
  let numbers = [
    given.image_height, given.image_width, given.top, given.left, given.height, given.width,
  ]
  guard numbers.contains(where: { $0 != 0 }) else { return nil }
  return try PictureArea(
    imageHeight: Int(given.image_height), imageWidth: Int(given.image_width), top: Int(given.top),
    left: Int(given.left), height: Int(given.height), width: Int(given.width))
}

private func prediction(_ given: gcpp_prediction) -> Prediction {
  Prediction(index: Int(given.index), probability: given.probability, logit: given.logit)
}
