import Foundation
import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

@Suite struct WeightFormatsTests {
  @Test func everyFormatFileIsListed() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../../Sources/GradCAMPPCore/Weights/Formats")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix("Format.swift") }
    #expect(Set(files) == Set(WeightFormats.all.map { "\($0).swift" }))
  }

  @Test(arguments: [
    ("<!DOCTYPE html>\n<html>", "text beginning \"<!DOCTYPE html>\\n<html>\""),
    ("version https://git-lfs.github.com/spec/v1", "text beginning \"version https://git-lfs"),
    ("PK\u{5}\u{6}abc", "an empty ZIP archive"),
    (String(repeating: "\u{1}", count: 257) + "ustar\u{0}", "a tar archive, as PyTorch before 0.2"),
    ("\u{1}\u{2}", "data beginning with the bytes 01 02"),
  ])
  func unknownContentIsDescribed(_ content: String, _ words: String) throws {
    let error = try WeightFiles.refusal(Array(content.utf8))
    #expect(error.kind == .badData)
    #expect(error.message.contains("it is \(words)"))
    #expect(error.message.contains("numpy.save of {name: [weights, biases]}"))
  }

  @Test func barePickleIsDescribed() throws {
    let error = try WeightFiles.refusal([0x80, 4, 0x95, 0, 0, 0, 0, 0, 0, 0, 0])
    #expect(error.message.contains("it is a bare pickle"))
  }

  /// A layer of 24 MB, lent from where it lies.
  @Test func largeArraysStayInTheFile() throws {
    let count = 6 << 20
    var contents = [UInt8](repeating: 0, count: count * 4)
    contents.replaceSubrange(40..<44, with: PickleWriter.floats([7.5]))
    let bytes = PickleWriter.file { writer in
      writer.array(shape: [2048, 3072], contents: contents)
      writer.array(shape: [3072], contents: [UInt8](repeating: 0, count: 12_288))
    }
    try WeightFiles.temporary(bytes) { path throws in
      let clock = ContinuousClock()
      var store: WeightStore?
      let duration = try clock.measure { store = try WeightFormats.open(path: path) }
      let weights = try #require(store?["fc6/weights"])
      #expect(weights.isMapped)
      #expect(weights.shape == Shape([2048, 3072]))
      let eleventh = weights.read { $0.integer(UInt32.self, at: 40, .little) }
      #expect(eleventh == Float(7.5).bitPattern)
      #expect(weights.read { $0.byteCount } == count * 4)
      #expect(duration < .milliseconds(500))
    }
  }
}
