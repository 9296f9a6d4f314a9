import GradCAMPPKernels

/// A way to encode pictures as bytes.
///
/// A format is one file with one conforming type, and one line in `ImageFormats.all`.
public protocol ImageFormat: Sendable {
  /// The usual name, as in "JPEG".
  var name: String { get }

  /// Whether `bytes` begin like this format.
  func recognizes(_ bytes: Span<UInt8>) -> Bool

  /// The picture in `bytes`, upright.
  ///
  /// Throws `badData` when the bytes are not a whole picture of this format, or when it costs more
  /// than `limits` allow: then before anything is allocated for it.
  func decode(_ bytes: Span<UInt8>, _ limits: Limits) throws(GradCAMError) -> RGBImage
}

/// The formats that can be decoded.
public enum ImageFormats {
  /// Every format, tried in this order.
  public static let all: [any ImageFormat] = [JPEGFormat()]

  /// The picture in `bytes`, whose format is told by its content.
  ///
  /// Throws `badData` for an unknown format, naming what was found, for damaged bytes, and for what
  /// costs more than `limits` allow.
  public static func decode(
    _ bytes: Span<UInt8>, _ limits: Limits = Limits()
  ) throws(GradCAMError) -> RGBImage {
    for format in all where format.recognizes(bytes) { return try format.decode(bytes, limits) }
    let known = all.map(\.name).joined(separator: ", ")
    throw GradCAMError(
      .badData,
      "the picture is \(describe(bytes)); \(known) is decoded here: from Python every format "
        + "that Pillow reads works, from C decode it first and use gcpp_image_from_rgb8")
  }

  /// The first bytes of formats that are decoded elsewhere.
  private static let signatures: [(bytes: [UInt8], name: String)] = [
    ([0x89, 0x50, 0x4E, 0x47], "a PNG file"),
    (Array("GIF8".utf8), "a GIF file"),
    (Array("BM".utf8), "a BMP file"),
    ([0x49, 0x49, 0x2A, 0x00], "a TIFF file"),
    ([0x4D, 0x4D, 0x00, 0x2A], "a TIFF file"),
  ]

  /// What bytes of no known format look like, for a sentence.
  private static func describe(_ bytes: Span<UInt8>) -> String {
    guard !bytes.isEmpty else { return "empty (0 bytes)" }
    for signature in signatures where bytes.holds(signature.bytes, at: 0) {
      return signature.name
    }
    if bytes.holds(Array("RIFF".utf8), at: 0), bytes.holds(Array("WEBP".utf8), at: 8) {
      return "a WebP file"
    }
    let first = (0..<min(bytes.count, 8)).map { index in
      let digits = String(bytes[index], radix: 16)
      return digits.count < 2 ? "0" + digits : digits
    }
    return "of no known format (it begins with the bytes \(first.joined(separator: " ")))"
  }
}

extension Span<UInt8> {
  /// Whether the bytes from `offset` on begin with `expected`; false past the end.
  func holds(_ expected: [UInt8], at offset: Int) -> Bool {
    guard offset >= 0, offset <= count, expected.count <= count - offset else { return false }
    for index in expected.indices where self[offset + index] != expected[index] { return false }
    return true
  }
}
