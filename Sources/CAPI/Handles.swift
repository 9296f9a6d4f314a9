// Handles and C arguments. This folder is where the library meets its callers' raw pointers; what
// several functions need of that is here and in Errors.swift.
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
  let channelOrder: BorrowedText
  let crop: BorrowedText
  let resample: BorrowedText
  let output: BorrowedText
  let probabilities: BorrowedText
  let arrays: [BorrowedText]
  let notes: [BorrowedText]
  let layers: [(name: BorrowedText, kind: BorrowedText)]

  init(_ model: Model) {
    self.model = model
    architecture = BorrowedText(model.loaded.architecture)
    defaultLayer = BorrowedText(model.loaded.defaultLayer)
    channelOrder = BorrowedText(model.loaded.preprocessing.normalization.channelOrder.rawValue)
    crop = BorrowedText(model.loaded.preprocessing.framing.crop.rawValue)
    resample = BorrowedText(model.loaded.preprocessing.framing.filter.rawValue)
    switch model.loaded.network.outputKind {
    case .classes(let kind): (output, probabilities) = (.init("classes"), .init(kind.rawValue))
    case .vector: (output, probabilities) = (.init("vector"), .init(""))
    case .map: (output, probabilities) = (.init("map"), .init(""))
    }
    notes = model.loaded.notes.map { BorrowedText($0) }
    arrays = model.loaded.weights.names.map { BorrowedText($0) }
    layers = model.loaded.layers.map { (BorrowedText($0.name), BorrowedText($0.kind)) }
  }
}

/// What a `gcpp_cancel_token` points to.
final class CancelTokenHandle: Sendable {
  let token: CancelToken

  init(_ token: CancelToken) { self.token = token }
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
  let targetKind: BorrowedText

  init(_ explanation: Explanation) {
    self.explanation = explanation
    method = BorrowedText(explanation.parts.method)
    layer = BorrowedText(explanation.parts.layer)
    targetKind = BorrowedText(explanation.parts.targetKind)
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

/// Zeroes what a caller's pointer points to; accepts NULL.
func clear<Value: BitwiseCopyable>(_ out: UnsafeMutablePointer<Value>?) {
  guard let out else { return }
  UnsafeMutableRawPointer(out).initializeMemory(
    as: UInt8.self, repeating: 0, count: MemoryLayout<Value>.size)
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

/// A copy of bytes that the caller ends with `gcpp_buffer_dispose`.
func buffer(_ bytes: [UInt8]) throws(GradCAMError) -> gcpp_buffer {
  guard let copy = malloc(max(bytes.count, 1)) else {
    throw GradCAMError(.outOfMemory, "a result of \(bytes.count) bytes does not fit in memory")
  }
  bytes.withUnsafeBytes { bytes in
    if let base = bytes.baseAddress { copy.copyMemory(from: base, byteCount: bytes.count) }
  }
  return gcpp_buffer(data: copy.assumingMemoryBound(to: UInt8.self), size: bytes.count)
}

/// A borrowed view of a tensor.
func view(_ tensor: Tensor) -> gcpp_view {
  var view = gcpp_view()
  view.data = tensor.address
  view.rank = tensor.shape.rank
  view.shape = fourExtents(tensor.shape)
  return view
}

/// Four extents as a C struct holds them.
typealias Extents4 = (Int, Int, Int, Int)

/// The first four extents of a shape, 0 where it has fewer.
func fourExtents(_ shape: Shape) -> Extents4 {
  let extents = shape.extents + [0, 0, 0, 0]
  return (extents[0], extents[1], extents[2], extents[3])
}

/// The first `rank` of a caller's extents; throws `invalidArgument` for a rank that is not 1 to 4,
/// and for sizes that do not fit in memory.
func shape(
  _ extents: Extents4, rank: Int, elementSize: Int, _ name: String
) throws(GradCAMError) -> Shape {
  guard (1...4).contains(rank) else {
    throw GradCAMError(
      .invalidArgument, "\(name) has rank \(UInt(bitPattern: rank)); expected 1 to 4")
  }
  let list = Array([extents.0, extents.1, extents.2, extents.3].prefix(rank))
  guard let shape = Shape(checking: list, elementSize: elementSize) else {
    throw GradCAMError(
      .invalidArgument,
      "\(name) has shape \(list.map { UInt(bitPattern: $0) }), which does not fit in memory")
  }
  return shape
}

/// A size or count of the caller's; throws `invalidArgument` for more than memory can hold.
func size(_ value: Int, _ name: String) throws(GradCAMError) -> Int {
  guard value >= 0 else {
    throw GradCAMError(
      .invalidArgument, "\(name) is \(UInt(bitPattern: value)), more than memory can hold")
  }
  return value
}

/// The numbers of a caller's view, copied.
func tensor(_ view: gcpp_view, _ name: String) throws(GradCAMError) -> Tensor {
  try tensor(view.data, shape(view.shape, rank: view.rank, elementSize: 4, name), name)
}

/// The numbers of a caller's array, copied.
func tensor(
  _ data: UnsafePointer<Float>?, _ shape: Shape, _ name: String
) throws(GradCAMError) -> Tensor {
  let data = try required(data, name)
  guard shape.count > 0 else {
    throw GradCAMError(.invalidArgument, "\(name) has shape \(shape), which is empty")
  }
  return try Tensor(shape) { span in
    for index in 0..<span.count { span[index] = data[index] }
  }
}
