import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

/// Decoding equals Pillow's, bit for bit; see Goldens/make_jpeg_fixtures.py.
@Suite struct JPEGDecodingTests {
  struct Expectation: CustomTestStringConvertible, Sendable {
    let path: String
    let height: Int
    let width: Int
    let hash: UInt64

    var testDescription: String { path }
  }

  static let expectations: [Expectation] = {
    let text = try? String(decoding: RecordedFiles.bytes("jpeg/expected.txt"), as: UTF8.self)
    return (text ?? "").split(separator: "\n").compactMap { line in
      let fields = line.split(separator: " ").map(String.init)
      guard fields.count == 4, let height = Int(fields[1]), let width = Int(fields[2]),
        let hash = UInt64(fields[3], radix: 16)
      else { return nil }
      return Expectation(path: fields[0], height: height, width: width, hash: hash)
    }
  }()

  /// FNV-1a, 64 bits.
  static func hash(_ bytes: [UInt8]) -> UInt64 {
    bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }

  @Test func everyFileIsThere() {
    #expect(Self.expectations.count == 62)
  }

  @Test(arguments: expectations)
  func pixelsEqualPillows(_ expected: Expectation) throws {
    let bytes = try RecordedFiles.bytes(expected.path)
    let image = try ImageFormats.decode(bytes.span)
    #expect(image.height == expected.height)
    #expect(image.width == expected.width)
    #expect(Self.hash(image.pixels) == expected.hash)
  }

  /// Pillow's formula in floating point: round half up, then subtract.
  @Test func fourInksBecomeThreeColours() {
    let levels: [UInt8] = [0, 1, 50, 127, 128, 254, 255]
    for black in levels {
      for ink in levels {
        var colours = [UInt8](repeating: 9, count: 3)
        var span = colours.mutableSpan
        InvertedCMYK.convert([ink, 255, 0, black].span, into: &span)
        let taken = (Double(black) * Double(255 - ink) / 255 + 0.5).rounded(.down)
        #expect(colours == [black - UInt8(taken), black, 0])
      }
    }
  }
}
