// Handles and C arguments: the one place where this library meets raw pointers of its callers.
//
// A handle is a retained Swift object behind an opaque pointer. Strings that accessors return live
// in the object behind the handle, so that they end with it.

import CGradCAMPP
import Glibc
import GradCAMPPCore
import GradCAMPPKernels

/// Zero-terminated copies of strings, for callers that borrow them.
final class BorrowedText: Sendable {
  private let address: UInt

  init(_ text: String) { address = UInt(bitPattern: strdup(text)) }

  deinit { free(UnsafeMutableRawPointer(bitPattern: address)) }

  /// Nil only when there was no memory for the copy.
  var pointer: UnsafePointer<CChar>? { UnsafePointer(bitPattern: address) }
}

/// What a `gcpp_model` points to.
final class ModelHandle: Sendable {
  let model: Model
  let architecture: BorrowedText
  let defaultLayer: BorrowedText
  let layers: [(name: BorrowedText, kind: BorrowedText)]

  init(_ model: Model) {
    self.model = model
    architecture = BorrowedText(model.loaded.architecture)
    defaultLayer = BorrowedText(model.loaded.defaultLayer)
    layers = model.loaded.layers.map { (BorrowedText($0.name), BorrowedText($0.kind)) }
  }
}

/// What a `gcpp_image` points to.
final class ImageHandle: Sendable {
  let image: RGBImage

  init(_ image: RGBImage) { self.image = image }
}

/// What a `gcpp_tensor` points to.
final class TensorHandle: Sendable {
  let tensor: Tensor

  init(_ tensor: Tensor) { self.tensor = tensor }
}

/// What a `gcpp_explanation` points to.
final class ExplanationHandle: Sendable {
  let explanation: Explanation
  let method: BorrowedText
  let layer: BorrowedText

  init(_ explanation: Explanation) {
    self.explanation = explanation
    method = BorrowedText(explanation.parts.method)
    layer = BorrowedText(explanation.parts.layer)
  }
}

/// Hands an object over to a C caller.
func retainedHandle(_ object: AnyObject) -> OpaquePointer {
  OpaquePointer(Unmanaged.passRetained(object).toOpaque())
}

/// The object behind a handle; throws `invalidArgument` for NULL.
func object<Object: AnyObject>(
  _ handle: OpaquePointer?, _ type: Object.Type, _ name: String
) throws(GradCAMError) -> Object {
  guard let handle else { throw GradCAMError(.invalidArgument, "\(name) is NULL") }
  return Unmanaged<Object>.fromOpaque(UnsafeRawPointer(handle)).takeUnretainedValue()
}

/// The object behind a handle of a function that reports no errors; nil for NULL.
func objectIfAny<Object: AnyObject>(_ handle: OpaquePointer?, _ type: Object.Type) -> Object? {
  handle.map { Unmanaged<Object>.fromOpaque(UnsafeRawPointer($0)).takeUnretainedValue() }
}

/// Ends a handle; accepts NULL.
func release(_ handle: OpaquePointer?, _ type: (some AnyObject).Type) {
  guard let handle else { return }
  Unmanaged<AnyObject>.fromOpaque(UnsafeRawPointer(handle)).release()
}

/// A pointer that must not be NULL.
func required<Pointer>(_ pointer: Pointer?, _ name: String) throws(GradCAMError) -> Pointer {
  guard let pointer else { throw GradCAMError(.invalidArgument, "\(name) is NULL") }
  return pointer
}

/// A string argument; throws `invalidArgument` for NULL and for bytes that are no UTF-8.
func text(_ pointer: UnsafePointer<CChar>?, _ name: String) throws(GradCAMError) -> String {
  let pointer = try required(pointer, name)
  guard let text = String(validatingCString: pointer) else {
    throw GradCAMError(.invalidArgument, "\(name) is not valid UTF-8")
  }
  return text
}

/// A string argument whose NULL means the default.
func text(
  _ pointer: UnsafePointer<CChar>?, _ name: String, default value: String
) throws(GradCAMError) -> String {
  pointer == nil ? value : try text(pointer, name)
}

/// A borrowed view of a tensor.
func view(_ tensor: Tensor) -> gcpp_view {
  var view = gcpp_view()
  view.data = tensor.address
  view.rank = tensor.shape.rank
  withUnsafeMutableBytes(of: &view.shape) { bytes in
    let extents = bytes.assumingMemoryBound(to: Int.self)
    for (axis, extent) in tensor.shape.extents.prefix(4).enumerated() { extents[axis] = extent }
  }
  return view
}

/// The numbers of a caller's view, copied.
func tensor(_ view: gcpp_view, _ name: String) throws(GradCAMError) -> Tensor {
  let shape = withUnsafeBytes(of: view.shape) { bytes in
    Array(bytes.assumingMemoryBound(to: Int.self).prefix(min(view.rank, 4)))
  }
  return try tensor(view.data, shape, rank: view.rank, name)
}

/// The numbers of a caller's array of `rank` extents, copied.
func tensor(
  _ data: UnsafePointer<Float>?, _ extents: [Int], rank: Int, _ name: String
) throws(GradCAMError) -> Tensor {
  let data = try required(data, name)
  guard (1...4).contains(rank),
    let shape = Shape(checking: extents, elementSize: MemoryLayout<Float>.size), shape.count > 0
  else {
    throw GradCAMError(
      .invalidArgument,
      "\(name) has rank \(rank) and shape \(extents); expected 1 to 4 axes, none empty")
  }
  return try Tensor(shape) { span in
    for index in 0..<span.count { span[index] = data[index] }
  }
}
