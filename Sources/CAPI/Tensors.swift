// The header documents these functions.
// swift-format-ignore-file: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation

import CGradCAMPP
import GradCAMPPCore
import GradCAMPPKernels

@_cdecl("gcpp_tensor_view") @implementation
public func gcpp_tensor_view(
  _ out: UnsafeMutablePointer<gcpp_view>?, _ tensor: OpaquePointer?
) -> gcpp_status {
  clear(out)
  return attempt(nil) { () throws(GradCAMError) in
    let tensor = try object(tensor, TensorHandle.self, "tensor").tensor
    try required(out, "out").pointee = view(tensor)
  }
}

@_cdecl("gcpp_tensor_free") @implementation
public func gcpp_tensor_free(_ tensor: OpaquePointer?) {
  release(tensor, TensorHandle.self)
}

@_cdecl("gcpp_model_array_count") @implementation
public func gcpp_model_array_count(_ model: OpaquePointer?) -> Int {
  objectIfAny(model, ModelHandle.self)?.arrays.count ?? 0
}

@_cdecl("gcpp_model_array") @implementation
public func gcpp_model_array(
  _ out: UnsafeMutablePointer<OpaquePointer?>?,
  _ name: UnsafeMutablePointer<UnsafePointer<CChar>?>?, _ model: OpaquePointer?, _ index: Int,
  _ error: UnsafeMutablePointer<gcpp_error>?
) -> gcpp_status {
  out?.pointee = nil
  name?.pointee = nil
  return attempt(error) { () throws(GradCAMError) in
    let out = try required(out, "out")
    let name = try required(name, "name")
    let handle = try object(model, ModelHandle.self, "model")
    let weights = handle.model.loaded.weights
    guard handle.arrays.indices.contains(index), let array = weights[weights.names[index]] else {
      throw GradCAMError(
        .invalidArgument,
        "array index is \(UInt(bitPattern: index)); expected less than \(handle.arrays.count)")
    }
    out.pointee = retainedHandle(TensorHandle(try array.tensor()))
    name.pointee = handle.arrays[index].pointer
  }
}

@_cdecl("gcpp_model_configuration") @implementation
public func gcpp_model_configuration(
  _ out: UnsafeMutablePointer<gcpp_buffer>?, _ model: OpaquePointer?,
  _ error: UnsafeMutablePointer<gcpp_error>?
) -> gcpp_status {
  out?.pointee = gcpp_buffer()
  return attempt(error) { () throws(GradCAMError) in
    let out = try required(out, "out")
    let loaded = try object(model, ModelHandle.self, "model").model.loaded
    if let text = try loaded.configuration() { out.pointee = try buffer(Array(text.utf8)) }
  }
}

@_cdecl("gcpp_activations") @implementation
public func gcpp_activations(
  _ out: UnsafeMutablePointer<OpaquePointer?>?, _ model: OpaquePointer?, _ image: OpaquePointer?,
  _ layer: UnsafePointer<CChar>?, _ error: UnsafeMutablePointer<gcpp_error>?
) -> gcpp_status {
  gcpp_activations_with(out, model, image, layer, nil, error)
}

@_cdecl("gcpp_activations_with") @implementation
public func gcpp_activations_with(
  _ out: UnsafeMutablePointer<OpaquePointer?>?, _ model: OpaquePointer?, _ image: OpaquePointer?,
  _ layer: UnsafePointer<CChar>?, _ cancel: OpaquePointer?,
  _ error: UnsafeMutablePointer<gcpp_error>?
) -> gcpp_status {
  out?.pointee = nil
  return attempt(error) { () throws(GradCAMError) in
    let out = try required(out, "out")
    let model = try object(model, ModelHandle.self, "model").model
    let image = try object(image, ImageHandle.self, "image").image
    let tensor = try model.activations(
      image, layer: text(layer, "layer"), cancel: objectIfAny(cancel, CancelTokenHandle.self)?.token
    )
    out.pointee = retainedHandle(TensorHandle(tensor))
  }
}

@_cdecl("gcpp_gradients") @implementation
public func gcpp_gradients(
  _ out: UnsafeMutablePointer<OpaquePointer?>?, _ model: OpaquePointer?, _ image: OpaquePointer?,
  _ layer: UnsafePointer<CChar>?, _ target: UnsafePointer<Int64>?,
  _ error: UnsafeMutablePointer<gcpp_error>?
) -> gcpp_status {
  out?.pointee = nil
  return attempt(error) { () throws(GradCAMError) in
    let out = try required(out, "out")
    let model = try object(model, ModelHandle.self, "model").model
    let image = try object(image, ImageHandle.self, "image").image
    let tensor = try model.gradients(
      image, layer: text(layer, "layer"),
      target: target.map { TargetRequest(classIndex: Int($0.pointee)) })
    out.pointee = retainedHandle(TensorHandle(tensor))
  }
}

@_cdecl("gcpp_gradients_of") @implementation
public func gcpp_gradients_of(
  _ out: UnsafeMutablePointer<OpaquePointer?>?, _ model: OpaquePointer?, _ image: OpaquePointer?,
  _ layer: UnsafePointer<CChar>?, _ target: UnsafePointer<gcpp_target>?,
  _ error: UnsafeMutablePointer<gcpp_error>?
) -> gcpp_status {
  gcpp_gradients_with(out, model, image, layer, target, nil, error)
}

@_cdecl("gcpp_gradients_with") @implementation
public func gcpp_gradients_with(
  _ out: UnsafeMutablePointer<OpaquePointer?>?, _ model: OpaquePointer?, _ image: OpaquePointer?,
  _ layer: UnsafePointer<CChar>?, _ target: UnsafePointer<gcpp_target>?, _ cancel: OpaquePointer?,
  _ error: UnsafeMutablePointer<gcpp_error>?
) -> gcpp_status {
  out?.pointee = nil
  return attempt(error) { () throws(GradCAMError) in
    let out = try required(out, "out")
    let model = try object(model, ModelHandle.self, "model").model
    let image = try object(image, ImageHandle.self, "image").image
    let wanted = try target.map { target throws(GradCAMError) in
      try targetRequest(options(target, default: gcpp_target(), "target"))
    }
    let tensor = try model.gradients(
      image, layer: text(layer, "layer"), target: wanted,
      cancel: objectIfAny(cancel, CancelTokenHandle.self)?.token)
    out.pointee = retainedHandle(TensorHandle(tensor))
  }
}

@_cdecl("gcpp_cam") @implementation
public func gcpp_cam(
  _ out: UnsafeMutablePointer<OpaquePointer?>?, _ activations: UnsafePointer<Float>?,
  _ gradients: UnsafePointer<Float>?, _ shape: UnsafePointer<Int>?, _ rank: Int,
  _ method: UnsafePointer<CChar>?, _ error: UnsafeMutablePointer<gcpp_error>?
) -> gcpp_status {
  out?.pointee = nil
  return attempt(error) { () throws(GradCAMError) in
    let out = try required(out, "out")
    let shape = try required(shape, "shape")
    guard (2...4).contains(rank) else {
      throw GradCAMError(
        .invalidArgument,
        "rank is \(UInt(bitPattern: rank)); expected 2 to 4, spatial axes and then channels")
    }
    let extents = (shape[0], shape[1], rank > 2 ? shape[2] : 0, rank > 3 ? shape[3] : 0)
    let checked = try GradCAMPPCAPI.shape(extents, rank: rank, elementSize: 4, "shape")
    let name = try text(method, "method", default: AttributionMethods.standard.name)
    let method = try AttributionMethods.named(name, options: [:])
    guard type(of: method).needs.worksOnTensors else {
      throw GradCAMError(
        .invalidArgument, "method \(name.quoted) has to run the network; explain with a model")
    }
    let evidence = try LayerEvidence(
      activations: tensor(activations, checked, "activations"),
      gradients: tensor(gradients, checked, "gradients"))
    let map = ClassActivationMap(try method.map(Evidence([evidence])))
    out.pointee = retainedHandle(TensorHandle(try map.tensor()))
  }
}
