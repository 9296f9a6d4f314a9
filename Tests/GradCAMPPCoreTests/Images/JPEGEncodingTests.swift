import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

@Suite struct JPEGEncodingTests {
  @Test func encodingKeepsThePicture() throws {
    let image = try RecordedFiles.picture("synth_land.rgb", height: 427, width: 640)
    let bytes = try JPEGFormat().encode(image)
    let again = try ImageFormats.decode(bytes.span)
    #expect(again.height == 427 && again.width == 640)
    #expect(LevelDifference(again.pixels, image.pixels).decibels > 33)
    #expect(try JPEGFormat().encode(image) == bytes)
    #expect(try JPEGFormat().encode(image, quality: 95) == bytes)
  }

  /// Component 1 has sampling factors 2 x 2, the others 1 x 1, in a baseline frame.
  @Test func chromaIsHalvedBothWays() throws {
    let image = try RGBImage(height: 3, width: 5, pixels: [UInt8](repeating: 77, count: 45))
    let bytes = try JPEGFormat().encode(image, quality: 1)
    let frame = try #require(bytes.indices.first { bytes.span.holds([0xFF, 0xC0], at: $0) })
    #expect(Array(bytes[frame + 4..<frame + 10]) == [8, 0, 3, 0, 5, 3])
    #expect([bytes[frame + 11], bytes[frame + 14], bytes[frame + 17]] == [0x22, 0x11, 0x11])
  }

  @Test func onePixelIsEnough() throws {
    let image = try RGBImage(height: 1, width: 1, pixels: [200, 30, 90])
    let bytes = try JPEGFormat().encode(image, quality: 100)
    let again = try ImageFormats.decode(bytes.span)
    #expect(LevelDifference(again.pixels, image.pixels).largest <= 2)
  }

  @Test(arguments: [0, -1, 101, Int.max])
  func otherQualitiesAreRefused(_ quality: Int) throws {
    let image = try RGBImage(height: 1, width: 1, pixels: [0, 0, 0])
    #expect(
      throws: GradCAMError(.invalidArgument, "JPEG quality \(quality) is outside 1 to 100")
    ) { try JPEGFormat().encode(image, quality: quality) }
  }

  @Test func aSideThatJPEGCannotHoldIsRefused() throws {
    let image = try RGBImage(height: 1, width: 70000) { (pixels) throws(GradCAMError) in
      for index in pixels.indices { pixels[index] = 0 }
    }
    let error = #expect(throws: GradCAMError.self) { try JPEGFormat().encode(image) }
    #expect(error?.message.hasPrefix("a picture of 1 x 70000 pixels cannot be encoded") == true)
  }
}
