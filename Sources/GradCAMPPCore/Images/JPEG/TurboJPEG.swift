import CTurboJPEG
import GradCAMPPKernels

/// The only file that calls TurboJPEG: spans in, spans out, errors as sentences.
///
/// Default flags everywhere (accurate inverse DCT, smooth chroma upsampling): what other users of
/// libjpeg-turbo decode to, bit for bit.
enum TurboJPEG {
  /// How decoded pixels are laid out.
  enum Pixels {
    /// Red, green, blue: for grey and three-channel JPEGs.
    case rgb
    /// Cyan, magenta, yellow, black as stored: for four-channel JPEGs.
    case cmyk

    /// Bytes in one pixel.
    var count: Int { self == .rgb ? 3 : 4 }
  }

  /// What a JPEG's header says of its pixels.
  struct Header {
    let height: Int
    let width: Int
    let pixels: Pixels
  }

  /// Reads the size and the kind of pixels.
  static func header(of bytes: Span<UInt8>) throws(GradCAMError) -> Header {
    try withHandle(tjInitDecompress()) { (handle) throws(GradCAMError) in
      var width: Int32 = 0
      var height: Int32 = 0
      var subsampling: Int32 = -1
      var colorSpace: Int32 = -1
      let status = bytes.withUnsafeBufferPointer { buffer in
        tjDecompressHeader3(
          handle, buffer.baseAddress, UInt(buffer.count), &width, &height, &subsampling,
          &colorSpace)
      }
      // Unusual subsampling is reported as an error after the rest is known, but decodes.
      guard width > 0, height > 0, colorSpace >= 0 else {
        let reason = status == 0 ? "it holds no picture" : message(handle)
        throw failure(reason)
      }
      let fourChannels = [TJCS_CMYK.rawValue, TJCS_YCCK.rawValue].contains { $0 == colorSpace }
      return Header(height: Int(height), width: Int(width), pixels: fourChannels ? .cmyk : .rgb)
    }
  }

  /// Decodes into `output`, which holds height x width pixels of the header's kind.
  ///
  /// Flaws that libjpeg passes over are passed over, unless the bytes ran out.
  static func decode(
    _ bytes: Span<UInt8>, _ header: Header, _ limits: Limits,
    into output: inout MutableSpan<UInt8>
  ) throws(GradCAMError) {
    precondition(output.count == header.height * header.width * header.pixels.count)
    let format = header.pixels == .rgb ? TJPF_RGB : TJPF_CMYK
    // `JPEGScans` has counted them; TurboJPEG counts to 500 itself.
    let flags = limits[.scans] <= 500 ? TJFLAG_LIMITSCANS : 0
    try withHandle(tjInitDecompress()) { (handle) throws(GradCAMError) in
      let status = output.withUnsafeMutableBufferPointer { pixels in
        bytes.withUnsafeBufferPointer { buffer in
          tjDecompress2(
            handle, buffer.baseAddress, UInt(buffer.count), pixels.baseAddress,
            Int32(header.width), Int32(header.width * header.pixels.count), Int32(header.height),
            format.rawValue, flags)
        }
      }
      let message = message(handle)
      guard status == 0 || flaws.contains(where: message.hasPrefix) else {
        throw failure(message)
      }
    }
  }

  /// Encodes height x width x 3 bytes as baseline JPEG with 4:2:0 subsampling.
  static func encode(
    _ pixels: Span<UInt8>, height: Int, width: Int, quality: Int
  ) throws(GradCAMError) -> [UInt8] {
    precondition(pixels.count == height * width * 3)
    return try withHandle(tjInitCompress()) { (handle) throws(GradCAMError) in
      var encoded: UnsafeMutablePointer<UInt8>?
      var size: UInt = 0
      defer { tjFree(encoded) }
      let status = pixels.withUnsafeBufferPointer { buffer in
        tjCompress2(
          handle, buffer.baseAddress, Int32(width), Int32(width * 3), Int32(height),
          TJPF_RGB.rawValue, &encoded, &size, Int32(TJSAMP_420.rawValue), Int32(quality), 0)
      }
      guard status == 0 else {
        throw GradCAMError(
          isLackOfMemory(message(handle)) ? .outOfMemory : .invalidArgument,
          "a picture of \(height) x \(width) pixels cannot be encoded as JPEG: \(message(handle))")
      }
      return Array(UnsafeBufferPointer(start: encoded, count: Int(size)))
    }
  }

  /// How libjpeg's sentences begin that let decoding go on to the last row.
  ///
  /// `tjGetErrorCode` does not tell: it says "warning" also when a fatal error followed one, with
  /// rows missing. The sentence does: it is the first warning's, or else the fatal error's.
  private static let flaws = [
    "Corrupt JPEG data", "Inconsistent progression sequence",
    "Invalid SOS parameters for sequential JPEG", "Unknown Adobe color transform code",
    "Warning: unknown JFIF revision",
  ]

  /// The error for a JPEG that libjpeg gave up with `reason`.
  private static func failure(_ reason: String) -> GradCAMError {
    GradCAMError(
      isLackOfMemory(reason) ? .outOfMemory : .badData, "the JPEG cannot be decoded: \(reason)")
  }

  /// Whether a sentence says that memory could not be had: libjpeg's, TurboJPEG's, and what libjpeg
  /// says when the limit in the environment variable JPEGMEM is reached.
  private static func isLackOfMemory(_ message: String) -> Bool {
    ["Insufficient memory", "emory allocation failure", "Backing store not supported"].contains {
      message.contains($0)
    }
  }

  private static func withHandle<Result>(
    _ handle: tjhandle?, _ body: (tjhandle) throws(GradCAMError) -> Result
  ) throws(GradCAMError) -> Result {
    guard let handle else {
      throw GradCAMError(.outOfMemory, "TurboJPEG found no memory to start with")
    }
    defer { tjDestroy(handle) }
    return try body(handle)
  }

  private static func message(_ handle: tjhandle) -> String {
    tjGetErrorStr2(handle).map { String(cString: $0) } ?? "no reason given"
  }
}
