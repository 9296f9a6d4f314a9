import GradCAMPPKernels

/// A walk over the segments of a JPEG, for what TurboJPEG does not tell.
///
/// A segment is 0xFF, a marker, and, for most markers, a big-endian length that counts its own
/// two bytes. Source: ITU-T T.81, annex B.
struct JPEGMarkers {
  private enum Marker {
    static let restart: ClosedRange<UInt8> = 0xD0...0xD7
    static let startOfImage: UInt8 = 0xD8
    static let endOfImage: UInt8 = 0xD9
    static let startOfScan: UInt8 = 0xDA
    static let application1: UInt8 = 0xE1
    static let temporary: UInt8 = 0x01
  }

  /// The TIFF structure of the Exif segments before the first scan, joined when there are
  /// several; empty when there is none.
  private(set) var exif: [UInt8] = []

  /// The text of the last XMP segment before the first scan; empty when there is none.
  private(set) var xmp: [UInt8] = []

  private static let exifPrefix: [UInt8] = Array("Exif".utf8) + [0, 0]
  private static let xmpPrefix: [UInt8] = Array("http://ns.adobe.com/xap/1.0/".utf8) + [0]

  /// Where the first scan begins, or where the walk came to nothing before it.
  private var walked = 2

  /// Walks up to the first scan, where what describes the picture ends.
  init(_ bytes: Span<UInt8>) {
    while let marker = Self.nextMarker(bytes, &walked) {
      switch marker {
      case Marker.restart, Marker.startOfImage, Marker.temporary:
        continue
      case Marker.startOfScan:
        return
      case Marker.endOfImage:
        walked -= 2
        return
      default:
        guard walked + 2 <= bytes.count else { return }
        let length = Int(bytes[walked]) << 8 | Int(bytes[walked + 1])
        guard length >= 2, walked + length <= bytes.count else { return }
        if marker == Marker.application1 { keep(bytes, walked + 2..<walked + length) }
        walked += length
      }
    }
  }

  /// Whether an end-of-image marker follows the walk; looked for from the end, where it belongs.
  ///
  /// Entropy-coded data cannot look like one: a zero is stuffed after each 0xFF there.
  func hasEnd(_ bytes: Span<UInt8>) -> Bool {
    var offset = bytes.count - 2
    while offset >= walked {
      if bytes[offset] == 0xFF, bytes[offset + 1] == Marker.endOfImage { return true }
      offset -= 1
    }
    return false
  }

  /// The marker at or after `offset`, which moves behind it.
  ///
  /// Anything that is no marker is passed over: fill bytes, stuffed zeros, entropy-coded data.
  static func nextMarker(_ bytes: Span<UInt8>, _ offset: inout Int) -> UInt8? {
    while offset + 1 < bytes.count {
      let marker = bytes[offset + 1]
      if bytes[offset] == 0xFF, marker != 0, marker != 0xFF {
        offset += 2
        return marker
      }
      offset += 1
    }
    return nil
  }

  private mutating func keep(_ bytes: Span<UInt8>, _ content: Range<Int>) {
    if bytes.holds(Self.exifPrefix, at: content.lowerBound), content.count >= 6 {
      for index in content.dropFirst(Self.exifPrefix.count) { exif.append(bytes[index]) }
    } else if bytes.holds(Self.xmpPrefix, at: content.lowerBound), content.count >= 29 {
      xmp = content.dropFirst(Self.xmpPrefix.count).map { bytes[$0] }
    }
  }
}
