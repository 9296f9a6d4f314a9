// The header documents these functions.
// swift-format-ignore-file: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation

import CGradCAMPP
import GradCAMPPCore
import GradCAMPPKernels

/// Runs an accessor: fills `out` with what `value` finds in the explanation, or with zeros, so that
/// nobody reads on from an address that was there before.
private func access<Value: BitwiseCopyable>(
  _ out: UnsafeMutablePointer<Value>?, _ explanation: OpaquePointer?,
  _ value: (Explanation.Parts) throws(GradCAMError) -> Value
) -> gcpp_status {
  clear(out)
  return attempt(nil) { () throws(GradCAMError) in
    let parts = try object(explanation, ExplanationHandle.self, "explanation").explanation.parts
    try required(out, "out").pointee = value(parts)
  }
}

@_cdecl("gcpp_explanation_heatmap") @implementation
public func gcpp_explanation_heatmap(
  _ out: UnsafeMutablePointer<gcpp_view>?, _ explanation: OpaquePointer?
) -> gcpp_status {
  access(out, explanation) { view($0.heatmap) }
}

@_cdecl("gcpp_explanation_cam") @implementation
public func gcpp_explanation_cam(
  _ out: UnsafeMutablePointer<gcpp_view>?, _ explanation: OpaquePointer?
) -> gcpp_status {
  access(out, explanation) { view($0.cam) }
}

@_cdecl("gcpp_explanation_channel_weights") @implementation
public func gcpp_explanation_channel_weights(
  _ out: UnsafeMutablePointer<gcpp_view>?, _ explanation: OpaquePointer?
) -> gcpp_status {
  access(out, explanation) { $0.channelWeights.map { view($0) } ?? gcpp_view() }
}

@_cdecl("gcpp_explanation_guided") @implementation
public func gcpp_explanation_guided(
  _ out: UnsafeMutablePointer<gcpp_view>?, _ explanation: OpaquePointer?
) -> gcpp_status {
  access(out, explanation) { $0.guidedGradients.map { view($0) } ?? gcpp_view() }
}

@_cdecl("gcpp_explanation_target") @implementation
public func gcpp_explanation_target(
  _ out: UnsafeMutablePointer<gcpp_prediction>?, _ explanation: OpaquePointer?
) -> gcpp_status {
  access(out, explanation) { parts throws(GradCAMError) in
    guard let target = parts.target else {
      throw GradCAMError(
        .invalidArgument, "a target of kind \(parts.targetKind.quoted) is about no class")
    }
    return gcpp_prediction(target)
  }
}

@_cdecl("gcpp_explanation_prediction") @implementation
public func gcpp_explanation_prediction(
  _ out: UnsafeMutablePointer<gcpp_prediction>?, _ explanation: OpaquePointer?, _ index: Int
) -> gcpp_status {
  access(out, explanation) { parts throws(GradCAMError) in
    guard parts.predictions.indices.contains(index) else {
      throw GradCAMError(.invalidArgument, "prediction index \(index) is out of range")
    }
    return gcpp_prediction(parts.predictions[index])
  }
}

@_cdecl("gcpp_explanation_prediction_count") @implementation
public func gcpp_explanation_prediction_count(_ explanation: OpaquePointer?) -> Int {
  objectIfAny(explanation, ExplanationHandle.self)?.explanation.parts.predictions.count ?? 0
}

@_cdecl("gcpp_explanation_seen") @implementation
public func gcpp_explanation_seen(
  _ data: UnsafeMutablePointer<UnsafePointer<Double>?>?, _ height: UnsafeMutablePointer<Int>?,
  _ width: UnsafeMutablePointer<Int>?, _ explanation: OpaquePointer?
) -> gcpp_status {
  clear(height)
  clear(width)
  return access(data, explanation) { parts throws(GradCAMError) in
    let (height, width) = try (required(height, "height"), required(width, "width"))
    (height.pointee, width.pointee) = (parts.seen.height, parts.seen.width)
    return parts.seen.address
  }
}

@_cdecl("gcpp_explanation_scale") @implementation
public func gcpp_explanation_scale(
  _ out: UnsafeMutablePointer<Double>?, _ explanation: OpaquePointer?
) -> gcpp_status {
  access(out, explanation) { $0.scale }
}

@_cdecl("gcpp_explanation_score") @implementation
public func gcpp_explanation_score(
  _ out: UnsafeMutablePointer<Double>?, _ explanation: OpaquePointer?
) -> gcpp_status {
  access(out, explanation) { $0.score }
}

@_cdecl("gcpp_explanation_target_kind") @implementation
public func gcpp_explanation_target_kind(_ explanation: OpaquePointer?) -> UnsafePointer<CChar>? {
  objectIfAny(explanation, ExplanationHandle.self)?.targetKind.pointer
}

@_cdecl("gcpp_explanation_source_area") @implementation
public func gcpp_explanation_source_area(
  _ out: UnsafeMutablePointer<gcpp_source_area>?, _ explanation: OpaquePointer?
) -> gcpp_status {
  access(out, explanation) { parts in
    guard let area = parts.area else { return gcpp_source_area() }
    return gcpp_source_area(
      image_height: Int64(area.imageHeight), image_width: Int64(area.imageWidth),
      top: Int64(area.top), left: Int64(area.left), height: Int64(area.height),
      width: Int64(area.width))
  }
}

@_cdecl("gcpp_explanation_method") @implementation
public func gcpp_explanation_method(_ explanation: OpaquePointer?) -> UnsafePointer<CChar>? {
  objectIfAny(explanation, ExplanationHandle.self)?.method.pointer
}

@_cdecl("gcpp_explanation_layer") @implementation
public func gcpp_explanation_layer(_ explanation: OpaquePointer?) -> UnsafePointer<CChar>? {
  objectIfAny(explanation, ExplanationHandle.self)?.layer.pointer
}

@_cdecl("gcpp_render") @implementation
public func gcpp_render(
  _ out: UnsafeMutablePointer<OpaquePointer?>?, _ explanation: OpaquePointer?,
  _ kind: UnsafePointer<CChar>?, _ options: UnsafePointer<gcpp_render_options>?,
  _ error: UnsafeMutablePointer<gcpp_error>?
) -> gcpp_status {
  out?.pointee = nil
  return attempt(error) { () throws(GradCAMError) in
    let out = try required(out, "out")
    let explanation = try object(explanation, ExplanationHandle.self, "explanation").explanation
    let given = try GradCAMPPCAPI.options(options, default: gcpp_render_options(), "options")
    let picture = try explanation.render(
      PictureKind.named(text(kind, "kind")),
      colorMap: text(given.colormap, "options.colormap", default: ColorMaps.standard.name),
      alpha: given.alpha == 0 ? Explanation.defaultAlpha : given.alpha)
    out.pointee = retainedHandle(ImageHandle(picture))
  }
}
