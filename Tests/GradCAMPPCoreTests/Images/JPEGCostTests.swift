import Foundation
import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

/// Small files that ask for much: refused before anything is allocated for them, and only they.
@Suite struct JPEGCostTests {
  private static let expectations = [
    "progressive_without_data": "its scan 1 has 16 bytes for 6298803 blocks",
    "baseline_without_data": "its scan 1 has 16 bytes for 6298803 blocks",
    "arithmetic_without_data": "its scan 1 has 16 bytes for 6298803 blocks",
    "arithmetic_progressive_without_data": "its scan 1 has 16 bytes for 6298803 blocks",
    "separate_scans_without_data": "its scan 1 has 16 bytes for 2099601 blocks",
    "progressive_500_scans": "has more than 100 scans",
    "progressive_scans_behind_a_length": "has more than 100 scans",
    "progressive_empty_scan": "its scan 2 has 0 bytes for 65536 blocks",
  ]

  private func hostile(_ name: String) throws -> [UInt8] {
    try WeightFiles.bytes(WeightFiles.hostile, "\(name).jpg")
  }

  private func refusal(_ bytes: [UInt8], _ limits: Limits) throws -> String {
    let error = #expect(throws: GradCAMError.self) { try ImageFormats.decode(bytes.span, limits) }
    #expect(error?.kind == .badData)
    return try #require(error).message
  }

  @Test func everyFileHasAnExpectation() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: WeightFiles.hostile.path)
    #expect(
      files.filter { $0.hasSuffix(".jpg") }.sorted()
        == Self.expectations.keys.map { "\($0).jpg" }.sorted())
  }

  @Test(arguments: expectations.keys.sorted())
  func isRefusedWithASentence(_ name: String) throws {
    let words = try #require(Self.expectations[name])
    #expect(try refusal(hostile(name), Limits()).contains(words))
  }

  /// Data that are not there are refused whatever the limits are; many scans are a matter of trust.
  @Test func raisedLimits() throws {
    for name in Self.expectations.keys where !name.contains("scans_") && !name.contains("_scans") {
      #expect(try refusal(hostile(name), .none).hasPrefix("the JPEG ends early: its scan"))
    }
    var limits = Limits()
    limits[.scans] = 501
    let scans = try hostile("progressive_500_scans")
    let picture = try ImageFormats.decode(scans.span, limits)
    #expect(picture.height == 512 && picture.width == 512)
    limits[.scans] = 500
    #expect(try refusal(scans, limits).contains("has more than 500 scans"))
  }

  /// Coefficients of 45 x 61 pixels in groups of 16 x 16: 3 x 4 groups of 6 blocks of 64 numbers of 2
  /// bytes; and 3 bytes for each pixel.
  @Test func memoryToDecode() throws {
    let cost = 3 * 4 * 6 * 64 * 2 + 45 * 61 * 3
    let progressive = try RecordedFiles.bytes("jpeg/progressive_420.jpg")
    var limits = Limits()
    limits[.decodedBytes] = cost
    let picture = try ImageFormats.decode(progressive.span, limits)
    #expect(picture.height == 45 && picture.width == 61)
    limits[.decodedBytes] = cost - 1
    #expect(
      try refusal(progressive, limits).hasSuffix(
        "takes \(cost) bytes to decode, above the limit of \(cost - 1); raise decoded_bytes of the "
          + "limits if you trust it"))
    // Rows of a sequential file are decoded as they come.
    limits[.decodedBytes] = 45 * 61 * 3
    let sequential = try RecordedFiles.bytes("jpeg/colour_420.jpg")
    _ = try ImageFormats.decode(sequential.span, limits)
  }

  @Test func pixelsMayBeMore() throws {
    let size = (height: 1 << 14, width: 1 << 14)
    #expect(throws: GradCAMError.self) {
      try RGBImage.checkSize(height: size.height, width: size.width, orThrow: .badData)
    }
    var limits = Limits()
    limits[.pixels] = 1 << 28
    try RGBImage.checkSize(height: size.height, width: size.width, limits, orThrow: .badData)
    #expect(throws: GradCAMError.self) {
      try RGBImage.checkSize(height: .max, width: 1, .none, orThrow: .badData)
    }
    // What is explained of such a picture can be restored.
    _ = try PictureArea(
      imageHeight: size.height, imageWidth: size.width, top: 0, left: 0, height: size.height,
      width: size.width)
  }

  /// Every recorded file is a picture that people have, and decodes under the defaults.
  @Test func nothingOrdinaryIsRefused() throws {
    let folder = RecordedFiles.folder.appendingPathComponent("jpeg")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".jpg") }
    #expect(files.count > 50)
    for file in files {
      let bytes = try RecordedFiles.bytes("jpeg/\(file)")
      #expect(throws: Never.self, "\(file)") {
        let scans = try #require(try JPEGScans(bytes.span, Limits()))
        let header = try TurboJPEG.header(of: bytes.span)
        #expect(scans.height == header.height && scans.width == header.width)
      }
    }
  }
}
