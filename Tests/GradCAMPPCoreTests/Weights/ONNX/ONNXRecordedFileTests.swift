import Foundation
import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

/// Files of real exporters: what is read equals what the `onnx` package reads.
///
/// `Tests/Goldens/onnx/listing.py` wrote the lines beside each file. A folder of further files and
/// lines, such as the `onnx` package's own cases, is named by GRADCAMPP_ONNX_CORPUS.
@Suite struct ONNXRecordedFileTests {
  private static let recorded = WeightFiles.samples.deletingLastPathComponent()
    .appendingPathComponent("onnx")

  private static let corpus = ProcessInfo.processInfo.environment["GRADCAMPP_ONNX_CORPUS"]

  private static func models(in folder: String) -> [String] {
    let names = try? FileManager.default.contentsOfDirectory(atPath: folder)
    return (names ?? []).filter { $0.hasSuffix(".onnx") }.sorted()
  }

  /// Compares one file with its lines.
  private func compare(_ path: String) throws {
    let text = try String(contentsOfFile: path.dropLast(5) + ".txt", encoding: .utf8)
    var expected = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    #expect(expected.popLast() == "")
    #expect(ONNXFormat.recognizes(try MappedFile(path: path)), "\(path)")
    if let line = expected.first, line.hasPrefix("refused|") {
      let sentence = try ONNXFolder.refusal(path: path)
      #expect(sentence.contains(line.dropFirst("refused|".count)), "\(path)")
      return
    }
    let last = expected.popLast()
    let inlined = try #require(last).split(separator: "|").map(String.init)
    let document = try ONNXDocument(path: path)
    let found = ONNXListing(document).lines
    for (found, expected) in zip(found, expected) where found != expected {
      Issue.record("\(path): found \(found); expected \(expected)")
      break
    }
    #expect(found.count == expected.count, "\(path)")
    if inlined.count == 3 {
      let sentence = try ONNXFolder.refusal(path: path)
      #expect(sentence.contains(inlined[2]), "\(path)")
    } else {
      let operators = try document.inlined().graph.nodes.map(\.operatorName)
      #expect(operators.joined(separator: " ") == inlined.dropFirst().joined(), "\(path)")
    }
  }

  @Test(arguments: models(in: recorded.path))
  func aRecordedFileSaysWhatItSaid(_ name: String) throws {
    try compare(Self.recorded.appendingPathComponent(name).path)
  }

  @Test(.enabled(if: corpus != nil)) func aCorpusSaysWhatItSaid() throws {
    let folder = try #require(Self.corpus)
    let names = Self.models(in: folder)
    #expect(!names.isEmpty)
    for name in names {
      #expect(throws: Never.self, "\(name)") { try compare("\(folder)/\(name)") }
    }
  }
}
