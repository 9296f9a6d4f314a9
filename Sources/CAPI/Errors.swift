import CGradCAMPP
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

/// Writes no further than the caller's `struct_size` and the struct's own members, and cuts the
/// message between characters.
private func report(_ failure: GradCAMError, to error: UnsafeMutablePointer<gcpp_error>?) {
  guard let error else { return }
  let size = Int(clamping: UInt(bitPattern: error.pointee.struct_size))
  // Behind the message lies the struct's padding, which belongs to nobody.
  let message = place(\gcpp_error.message)
  guard size >= place(\gcpp_error.code).upperBound else { return }
  error.pointee.code = failure.kind.status
  let room = min(size, message.upperBound) - message.lowerBound
  guard room > 0 else { return }
  let bytes = Array(failure.message.utf8)
  var count = min(bytes.count, room - 1)
  while count > 0, count < bytes.count, bytes[count] & 0xC0 == 0x80 { count -= 1 }
  let text = UnsafeMutableRawBufferPointer(
    start: UnsafeMutableRawPointer(error) + message.lowerBound, count: room)
  text.copyBytes(from: bytes[..<count])
  text[count] = 0
}
