import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

/// Files that are cut, damaged or made to hurt.
@Suite struct JPEGHostileTests {
  private func refusal(_ bytes: [UInt8]) throws -> String {
    let error = #expect(throws: GradCAMError.self) { try ImageFormats.decode(bytes.span) }
    #expect(error?.kind == .badData)
    return try #require(error).message
  }

  /// A file whose frame header says another size.
  private func resized(_ bytes: [UInt8], height: Int, width: Int) throws -> [UInt8] {
    var changed = bytes
    let frame = try #require(
      bytes.indices.first { bytes.span.holds([0xFF, 0xC0, 0, 17, 8], at: $0) })
    for (index, value) in [height >> 8, height & 255, width >> 8, width & 255].enumerated() {
      changed[frame + 5 + index] = UInt8(value)
    }
    return changed
  }

  @Test(arguments: ["colour_420", "progressive_420", "cmyk", "grey"])
  func everyCutIsRefused(_ name: String) throws {
    let bytes = try RecordedFiles.bytes("jpeg/\(name).jpg")
    for count in 3..<bytes.count {
      let message = try refusal(Array(bytes[..<count]))
      #expect(message.hasPrefix("the JPEG ends early, after \(count) bytes"))
    }
  }

  /// Any bytes give a picture or a sentence.
  @Test(arguments: ["colour_420", "progressive_444", "cmyk", "exif_6_big", "colour_restarts"])
  func damagedBytesNeverTrap(_ name: String) throws {
    let bytes = try RecordedFiles.bytes("jpeg/\(name).jpg")
    var generator = RepeatableGenerator(seed: 20)
    var pictures = 0
    for _ in 0..<400 {
      var damaged = bytes
      for _ in 0..<Int.random(in: 1...6, using: &generator) {
        let place = Int.random(in: 2..<bytes.count, using: &generator)
        damaged[place] = UInt8.random(in: 0...255, using: &generator)
      }
      do {
        _ = try ImageFormats.decode(damaged.span)
        pictures += 1
      } catch {
        #expect(!error.message.isEmpty && !error.message.contains("\n"))
      }
    }
    #expect(pictures > 50 && pictures < 400)
  }

  /// A fatal error after a mere warning leaves rows unwritten; TurboJPEG calls it a warning.
  @Test func aFatalErrorAfterAWarningIsAnError() throws {
    var bytes = try RecordedFiles.bytes("jpeg/progressive_420.jpg")
    let scans = bytes.indices.filter { bytes.span.holds([0xFF, 0xDA], at: $0) }
    let second = try #require(scans.dropFirst().first)
    bytes[second + 3] = 99
    bytes.insert(contentsOf: [1, 2, 3], at: second)
    #expect(try refusal(bytes).hasPrefix("the JPEG cannot be decoded: Bogus marker length"))
  }

  /// The end marker is inside a comment that is longer than the file.
  @Test func bytesThatRunOutAreAnErrorInSpiteOfAnEndMarker() throws {
    let bytes = try RecordedFiles.bytes("jpeg/colour_444.jpg")
    let comment: [UInt8] = [0xFF, 0xFE, 0xFF, 0xFF, 0xFF, 0xD9]
    let message = try refusal(bytes.dropLast(2) + comment)
    #expect(message == "the JPEG cannot be decoded: Premature end of JPEG file")
  }

  @Test func tablesWithoutAPictureAreRefused() throws {
    let message = try refusal([0xFF, 0xD8, 0xFF, 0xFE, 0, 2, 0xFF, 0xD9])
    #expect(message == "the JPEG cannot be decoded: it holds no picture")
  }

  @Test func anEnormousPictureIsRefusedBeforeItIsAllocated() throws {
    let bytes = try RecordedFiles.bytes("jpeg/colour_444.jpg")
    let message = try refusal(resized(bytes, height: 20000, width: 20001))
    #expect(message.contains("20000 x 20001") && message.contains("134217728"))
  }

  @Test(arguments: [(0, 61), (45, 0), (0, 0)])
  func aPictureWithoutPixelsIsRefused(height: Int, width: Int) throws {
    let bytes = try RecordedFiles.bytes("jpeg/colour_444.jpg")
    #expect(try refusal(resized(bytes, height: height, width: width)).contains("cannot be decoded"))
  }

  /// Each scan would be decoded over the whole picture.
  @Test func thousandsOfScansAreRefused() throws {
    let bytes = try RecordedFiles.bytes("jpeg/progressive_444.jpg")
    let scans = bytes.indices.filter { bytes.span.holds([0xFF, 0xDA], at: $0) }
    let last = Array(bytes[try #require(scans.last)..<(bytes.count - 2)])
    let copies = (0..<2000).flatMap { _ in last }
    let message = try refusal(bytes.dropLast(2) + copies + [0xFF, 0xD9])
    #expect(message.contains("more than 100 scans"))
  }

  @Test func twoChannelsAreRefused() throws {
    var bytes = try RecordedFiles.bytes("jpeg/size_1x1.jpg")
    let frame = try #require(bytes.indices.first { bytes.span.holds([0xFF, 0xC0, 0, 17], at: $0) })
    bytes[frame + 3] = 14
    bytes[frame + 9] = 2
    bytes.removeSubrange(frame + 16..<frame + 19)
    #expect(try refusal(bytes).contains("cannot be decoded"))
  }
}
