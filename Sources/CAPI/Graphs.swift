// The header documents these functions.
// swift-format-ignore-file: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation

import CGradCAMPP
import GradCAMPPCore
import GradCAMPPKernels

@_cdecl("gcpp_graph_passes") @implementation
public func gcpp_graph_passes(
  _ out: UnsafeMutablePointer<gcpp_buffer>?, _ path: UnsafePointer<CChar>?,
  _ given: UnsafePointer<gcpp_model_options>?, _ error: UnsafeMutablePointer<gcpp_error>?
) -> gcpp_status {
  out?.pointee = gcpp_buffer()
  return attempt(error) { () throws(GradCAMError) in
    let out = try required(out, "out")
    let options = try modelOptions(options(given, default: gcpp_model_options(), "options"))
    let file = try MappedFile(path: text(path, "path"), options.mode, options.limits)
    out.pointee = try listing(ModelFile(file, options).model)
  }
}

@_cdecl("gcpp_graph_passes_arrays") @implementation
public func gcpp_graph_passes_arrays(
  _ out: UnsafeMutablePointer<gcpp_buffer>?, _ arrays: UnsafePointer<gcpp_array>?, _ count: Int,
  _ given: UnsafePointer<gcpp_model_options>?, _ error: UnsafeMutablePointer<gcpp_error>?
) -> gcpp_status {
  out?.pointee = gcpp_buffer()
  return attempt(error) { () throws(GradCAMError) in
    let out = try required(out, "out")
    let given = try options(given, default: gcpp_model_options(), "options")
    let weights = try store(arrays, count, given)
    out.pointee = try listing(ModelBuilders.graph(weights, modelOptions(given)))
  }
}

private func listing(_ model: ModelGraph) throws(GradCAMError) -> gcpp_buffer {
  try buffer(Array(GraphPasses.listing(model.graph).utf8))
}
