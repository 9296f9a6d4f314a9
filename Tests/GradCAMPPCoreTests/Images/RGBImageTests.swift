import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

@Suite struct RGBImageTests {
  @Test func pixelsAreThoseGiven() throws {
    let bytes: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
    let image = try RGBImage(height: 2, width: 2, pixels: bytes)
    #expect(image.pixels == bytes)
    #expect((0..<12).map { image.address[$0] } == bytes)
    #expect(image.read { $0[7] } == 8)
  }

  @Test func aFillThatFailsGivesItsError() {
    let error = GradCAMError(.badData, "no")
    #expect(throws: error) {
      try RGBImage(height: 1, width: 1) { (_) throws(GradCAMError) in throw error }
    }
  }

  @Test(arguments: [
    (0, 5), (5, 0), (-1, 5), (1 << 14, (1 << 13) + 1), (Int.max, 2), (Int.max, Int.max),
  ])
  func impossibleSizesAreRefused(height: Int, width: Int) {
    let error = #expect(throws: GradCAMError.self) {
      try RGBImage(height: height, width: width) { (_) throws(GradCAMError) in }
    }
    #expect(error?.kind == .invalidArgument)
    #expect(error?.message.contains("\(height) x \(width)") == true)
    #expect(error?.message.contains("134217728") == true)
  }

  @Test func theLargestSizeIsAllowed() throws {
    try RGBImage.checkSize(height: 1 << 14, width: 1 << 13, orThrow: .badData)
  }

  @Test func anotherNumberOfBytesIsRefused() {
    let error = #expect(throws: GradCAMError.self) {
      try RGBImage(height: 2, width: 2, pixels: [0, 1, 2])
    }
    #expect(
      error?.message == "3 bytes do not make a picture of 2 x 2 pixels, which takes 12")
  }
}
