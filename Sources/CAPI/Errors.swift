import CGradCAMPP
import Glibc
import GradCAMPPKernels

extension GradCAMError.Kind {
  /// The C status of a kind of failure.
  var status: gcpp_status {
    switch self {
    case .invalidArgument: GCPP_ERROR_INVALID_ARGUMENT
    case .fileNotFound: GCPP_ERROR_FILE_NOT_FOUND
    case .inputOutput: GCPP_ERROR_IO
    case .badData: GCPP_ERROR_BAD_DATA
    case .classIndex: GCPP_ERROR_CLASS_INDEX
    case .unknownLayer: GCPP_ERROR_UNKNOWN_LAYER
    case .outOfMemory: GCPP_ERROR_OUT_OF_MEMORY
    case .cancelled: GCPP_ERROR_CANCELLED
    }
  }
}

/// Runs the body of a function of the interface: its error becomes a status and, if the caller
/// gave an error struct, a message in it.
func attempt(
  _ error: UnsafeMutablePointer<gcpp_error>?, _ body: () throws(GradCAMError) -> Void
) -> gcpp_status {
  do throws(GradCAMError) {
    try body()
    return GCPP_OK
  } catch let failure {
    report(failure, to: error)
    return failure.kind.status
  }
}

/// Writes no further than the caller's `struct_size`, and cuts the message between characters.
private func report(_ failure: GradCAMError, to error: UnsafeMutablePointer<gcpp_error>?) {
  guard let error else { return }
  let offset = MemoryLayout<gcpp_error>.offset(of: \.message) ?? 0
  let size = min(error.pointee.struct_size, MemoryLayout<gcpp_error>.size)
  guard size > offset else { return }
  error.pointee.code = failure.kind.status
  let bytes = Array(failure.message.utf8)
  var count = min(bytes.count, size - offset - 1)
  while count > 0, count < bytes.count, bytes[count] & 0xC0 == 0x80 { count -= 1 }
  let message = UnsafeMutableRawPointer(error) + offset
  bytes.withUnsafeBytes { bytes in
    if let base = bytes.baseAddress { message.copyMemory(from: base, byteCount: count) }
  }
  (message + count).storeBytes(of: 0, as: UInt8.self)
}

/// A caller's struct that begins with `struct_size`: the part that both sides know.
///
/// Throws `invalidArgument` when the size is missing, or when a newer caller uses a field that
/// this library does not know.
func options<Options: BitwiseCopyable>(
  _ pointer: UnsafePointer<Options>?, default value: Options, _ name: String
) throws(GradCAMError) -> Options {
  guard let pointer else { return value }
  let raw = UnsafeRawPointer(pointer)
  let size = raw.load(as: Int.self)
  let known = MemoryLayout<Options>.size
  guard size >= MemoryLayout<Int>.size, size <= 1 << 16 else {
    throw GradCAMError(
      .invalidArgument, "\(name) has struct_size \(size); initialise it with its INIT macro")
  }
  for index in min(known, size)..<size where raw.load(fromByteOffset: index, as: UInt8.self) != 0 {
    throw GradCAMError(
      .invalidArgument,
      "\(name) uses a field that this library, version \(GCPP_VERSION_STRING), does not know")
  }
  var result = value
  withUnsafeMutableBytes(of: &result) { bytes in
    bytes.copyMemory(from: UnsafeRawBufferPointer(start: raw, count: min(known, size)))
  }
  return result
}

/// Fills the part of a caller's struct that both sides know, `struct_size` left as it is.
func fill<Description: BitwiseCopyable>(
  _ out: UnsafeMutablePointer<Description>?, with description: Description, _ name: String
) throws(GradCAMError) {
  let out = UnsafeMutableRawPointer(try required(out, name))
  let size = out.load(as: Int.self)
  let start = MemoryLayout<Int>.size
  guard size >= start, size <= 1 << 16 else {
    throw GradCAMError(
      .invalidArgument, "\(name) has struct_size \(size); initialise it with its INIT macro")
  }
  withUnsafeBytes(of: description) { bytes in
    let count = min(size, bytes.count) - start
    if let base = bytes.baseAddress {
      (out + start).copyMemory(from: base + start, byteCount: count)
    }
  }
}
