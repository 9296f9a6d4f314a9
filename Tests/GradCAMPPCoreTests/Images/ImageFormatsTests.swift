import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

@Suite struct ImageFormatsTests {
  @Test(
    arguments: [
      ([], "empty (0 bytes)"),
      ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A], "a PNG file"),
      (Array("GIF89a".utf8), "a GIF file"),
      (Array("BM1234".utf8), "a BMP file"),
      (Array("RIFF1234WEBPVP8 ".utf8), "a WebP file"),
      (Array("RIFF1234WAVE".utf8), "begins with the bytes 52 49 46 46 31 32 33 34)"),
      ([0x49, 0x49, 0x2A, 0x00], "a TIFF file"),
      ([0x4D, 0x4D, 0x00, 0x2A], "a TIFF file"),
      ([0xFF, 0xD8], "begins with the bytes ff d8)"),
      ([0x07], "begins with the bytes 07)"),
    ] as [([UInt8], String)])
  func unknownContentIsNamed(_ bytes: [UInt8], _ name: String) {
    let error = #expect(throws: GradCAMError.self) { try ImageFormats.decode(bytes.span) }
    #expect(error?.kind == .badData)
    #expect(error?.message.contains(name) == true)
    #expect(error?.message.contains("gcpp_image_from_rgb8") == true)
  }

  @Test func aRealPNGIsNamed() throws {
    let bytes = try RecordedFiles.bytes("images/tiny_60x50.png")
    let error = #expect(throws: GradCAMError.self) { try ImageFormats.decode(bytes.span) }
    #expect(error?.message.hasPrefix("the picture is a PNG file; JPEG is decoded here") == true)
  }
}
