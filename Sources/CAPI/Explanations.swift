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
  attempt(error) { () throws(GradCAMError) in
    let count = try required(count, "count")
    let room = max(count.pointee, 0)
    count.pointee = 0
    let out = room == 0 ? nil : try required(out, "out")
    let model = try object(model, ModelHandle.self, "model").model
    let image = try object(image, ImageHandle.self, "image").image
    let predictions = try model.predict(image, count: room)
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
  out?.pointee = nil
  return attempt(error) { () throws(GradCAMError) in
    let out = try required(out, "out")
    let options = try explainOptions(options)
    for index in options.targets.indices { out[index] = nil }
    let model = try object(model, ModelHandle.self, "model").model
    let image = try object(image, ImageHandle.self, "image").image
    let explanations = try model.explain(image, options)
    for (index, explanation) in explanations.enumerated() {
      out[index] = retainedHandle(ExplanationHandle(explanation))
    }
  }
}

private func explainOptions(
  _ pointer: UnsafePointer<gcpp_explain_options>?
) throws(GradCAMError) -> ExplainOptions {
  let given = try options(pointer, default: gcpp_explain_options(), "options")
  var options = ExplainOptions()
  options.method = try text(given.method, "options.method", default: options.method)
  options.layer = given.layer == nil ? nil : try text(given.layer, "options.layer")
  options.isGuided = given.guided != 0
  if let targets = given.targets {
    guard (1...1 << 20).contains(given.target_count) else {
      throw GradCAMError(
        .invalidArgument, "options.target_count is \(given.target_count); expected 1 to 1048576")
    }
    for index in 0..<given.target_count {
      guard let target = Int(exactly: targets[index]) else { continue }
      options.targets.append(target)
    }
  } else if given.target_count != 0 {
    throw GradCAMError(
      .invalidArgument, "options.target_count is \(given.target_count) but options.targets is NULL")
  }
  return options
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
    guard (0...5).contains(given.prediction_count) else {
      throw GradCAMError(
        .invalidArgument, "parts has \(given.prediction_count) predictions; expected up to 5")
    }
    var predictions: [Prediction] = []
    if given.prediction_count > 0 {
      let list = try required(given.predictions, "parts.predictions")
      for index in 0..<given.prediction_count { predictions.append(prediction(list[index])) }
    }
    let seen = try SeenPicture(
      height: given.height, width: given.width,
      copying: required(given.seen, "parts.seen"))
    let restored = Explanation.Parts(
      method: try text(given.method, "parts.method"),
      layer: try text(given.layer, "parts.layer"),
      target: prediction(given.target), predictions: predictions,
      heatmap: try tensor(given.heatmap, "parts.heatmap"),
      cam: try tensor(given.cam, "parts.cam"),
      channelWeights: try tensor(given.channel_weights, "parts.channel_weights"),
      guidedGradients: given.guided.data == nil ? nil : try tensor(given.guided, "parts.guided"),
      seen: seen)
    out.pointee = retainedHandle(ExplanationHandle(try Explanation(restoring: restored)))
  }
}

private func prediction(_ given: gcpp_prediction) -> Prediction {
  Prediction(index: Int(given.index), probability: given.probability, logit: given.logit)
}
