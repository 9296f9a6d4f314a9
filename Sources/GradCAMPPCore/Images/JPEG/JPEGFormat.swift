import GradCAMPPKernels

/// JPEG: grey, colour, CMYK and YCCK; sequential or progressive.
///
/// What decodes, decodes to the bytes that Pillow gives (converted to RGB, Exif orientation
/// applied). Like there, flaws that the decoder can pass over are passed over, and a file that
/// ends before its picture does is refused.
public struct JPEGFormat: ImageFormat {
  /// The format's decoder and encoder; there is nothing to choose.
  public init() {}

  /// The usual name.
  public var name: String { "JPEG" }

  /// Whether `bytes` begin with a start-of-image marker and a further marker.
  public func recognizes(_ bytes: Span<UInt8>) -> Bool {
    bytes.holds([0xFF, 0xD8, 0xFF], at: 0)
  }

  /// The picture in `bytes`, upright.
  ///
  /// Throws `badData` when the JPEG ends early, is damaged, has an impossible size or costs more than
  /// `limits` allow; `outOfMemory` when the system has less.
  public func decode(
    _ bytes: Span<UInt8>, _ limits: Limits = Limits()
  ) throws(GradCAMError) -> RGBImage {
    let markers = JPEGMarkers(bytes)
    guard markers.hasEnd(bytes) else {
      throw GradCAMError(
        .badData,
        "the JPEG ends early, after \(bytes.count) bytes without an end marker; "
          + "copy or download it again")
    }
    let header = try TurboJPEG.header(of: bytes)
    try RGBImage.checkSize(height: header.height, width: header.width, limits, orThrow: .badData)
    guard let scans = try JPEGScans(bytes, limits), scans.height == header.height,
      scans.width == header.width
    else {
      throw GradCAMError(.badData, "the JPEG cannot be decoded: its frame header is damaged")
    }
    let orientation = ExifOrientation.find(exif: markers.exif, xmp: markers.xmp)
    let copies = (header.pixels == .cmyk ? 4 : 0) + (orientation == .upright ? 3 : 6)
    try limits.check(
      scans.coefficientBytes + header.height * header.width * copies, .decodedBytes,
      "the JPEG of \(header.height) x \(header.width) pixels takes", "bytes to decode")
    let stored =
      switch header.pixels {
      case .rgb: try decodeRGB(bytes, header, limits)
      case .cmyk: try decodeCMYK(bytes, header, limits)
      }
    return try orientation.applied(to: stored)
  }

  /// `image` as baseline JPEG with 4:2:0 subsampling; `quality` is 1 to 100.
  public func encode(
    _ image: RGBImage, quality: Int = 95
  ) throws(GradCAMError) -> [UInt8] {
    guard (1...100).contains(quality) else {
      throw GradCAMError(.invalidArgument, "JPEG quality \(quality) is outside 1 to 100")
    }
    return try image.read { (pixels) throws(GradCAMError) in
      try TurboJPEG.encode(pixels, height: image.height, width: image.width, quality: quality)
    }
  }

  private func decodeRGB(
    _ bytes: Span<UInt8>, _ header: TurboJPEG.Header, _ limits: Limits
  ) throws(GradCAMError) -> RGBImage {
    try RGBImage(height: header.height, width: header.width, limits) {
      (pixels) throws(GradCAMError) in
      try TurboJPEG.decode(bytes, header, limits, into: &pixels)
    }
  }

  private func decodeCMYK(
    _ bytes: Span<UInt8>, _ header: TurboJPEG.Header, _ limits: Limits
  ) throws(GradCAMError) -> RGBImage {
    let count = header.height * header.width * 4
    let inks = try MemoryBlock<UInt8>(count: count)
    let slot = TensorSlot(offset: 0, shape: Shape([count]))
    try inks.write(slot) { (pixels) throws(GradCAMError) in
      try TurboJPEG.decode(bytes, header, limits, into: &pixels)
    }
    return try RGBImage(height: header.height, width: header.width, limits) {
      (pixels) throws(GradCAMError) in
      inks.read(slot) { InvertedCMYK.convert($0, into: &pixels) }
    }
  }
}
