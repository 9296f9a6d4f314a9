import Foundation
import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

/// Files that the weight tests read, and temporary ones that they write.
enum WeightFiles {
  private static let tests = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static let samples = tests.appendingPathComponent("Goldens/npy_samples")
  static let hostile = tests.appendingPathComponent("Hostile")

  /// Where temporary files lie: in memory where there is such a folder.
  private static let scratch =
    access("/dev/shm", W_OK) == 0
    ? URL(fileURLWithPath: "/dev/shm") : FileManager.default.temporaryDirectory

  /// Names of the `.npy` files in a folder, in order.
  static func names(in folder: URL) -> [String] {
    let files = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
    return (files ?? []).filter { $0.hasSuffix(".npy") }.sorted()
  }

  static func bytes(_ folder: URL, _ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: folder.appendingPathComponent(name)))
  }

  /// Writes bytes to a temporary file, passes its path on, and removes it.
  static func temporary<Result>(
    _ bytes: [UInt8], _ body: (String) throws -> Result
  ) throws -> Result {
    let url = scratch.appendingPathComponent("gradcampp-\(UUID().uuidString).npy")
    try Data(bytes).write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    return try body(url.path)
  }

  /// Opens bytes as a weight file.
  static func open(_ bytes: [UInt8]) throws -> WeightStore {
    try temporary(bytes) { path in try WeightFormats.open(path: path) }
  }

  /// The error that opening the bytes ends in, which must be one line naming the file.
  static func refusal(_ bytes: [UInt8]) throws -> GradCAMError {
    try temporary(bytes) { path in
      let error = try #require(throws: GradCAMError.self) { try WeightFormats.open(path: path) }
      #expect(error.message.hasPrefix(path))
      #expect(!error.message.contains { $0.isNewline })
      return error
    }
  }

  /// The numbers of a plain float32 `.npy` file, such as the expected values.
  static func plainFloats(_ url: URL) throws -> (shape: [Int], values: [Float]) {
    let file = try MappedFile(path: url.path)
    var reader = ByteReader(file)
    let header = try NPYHeader(&reader)
    let (type, isFortranOrder) = (header.elementType, header.isFortranOrder)
    try #require(type == "<f4" && !isFortranOrder)
    let values = try (0..<reader.remaining / 4).map { _ in
      Float(bitPattern: try reader.integer(UInt32.self, "a number"))
    }
    return (header.shape, values)
  }
}
